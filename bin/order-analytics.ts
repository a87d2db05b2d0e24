import { createApp } from '../lib/app.ts';
import { createStacks } from '../lib/stacks.ts';
import { getStage } from '../lib/stages.ts';

const app = createApp();
createStacks(app, getStage(app.node.tryGetContext('stage') ?? 'dev'), {
  alarmEmail: app.node.tryGetContext('alarmEmail'),
  release: app.node.tryGetContext('release'),
  domain: app.node.tryGetContext('domain'),
  certificateArn: app.node.tryGetContext('certificateArn'),
});
