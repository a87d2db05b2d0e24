import { type App, Tags } from 'aws-cdk-lib';
import { ApiStack } from './api-stack.ts';
import { DatabaseStack } from './database-stack.ts';
import { stackNames } from './names.ts';
import type { Stage } from './stages.ts';

export interface StacksOptions {
  /** Where alarms are mailed. @default nowhere */
  readonly alarmEmail?: string;
}

/** The stacks of one stage: what holds data, and what can be thrown away and deployed again. */
export function createStacks(app: App, stage: Stage, { alarmEmail }: StacksOptions = {}) {
  const names = stackNames(stage.name);
  const databaseStack = new DatabaseStack(app, names.database, { stage });
  const apiStack = new ApiStack(app, names.api, {
    stage,
    database: databaseStack.database,
    alarmEmail,
  });

  Tags.of(app).add('project', 'order-analytics');
  Tags.of(app).add('stage', stage.name);
  return { databaseStack, apiStack };
}
