import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { readReleased } from '../../cli/review/released.ts';
import { lossesOf } from '../../cli/review/review.ts';
import { changesOf } from '../../cli/templates/changes.ts';
import { createApp } from '../../lib/app.ts';
import { createStacks } from '../../lib/stacks.ts';
import { getStage } from '../../lib/stages.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

describe('the stacks of production, beside docs/released/templates', () => {
  const outdir = temporaryFolder();

  /**
   * Red: keep the resource, with its logical id and the properties that replace it. Where it shall
   * go all the same, and its data is elsewhere, `npm run review -- --release` makes it so.
   */
  it('lose nothing that cannot be made again', () => {
    const app = createApp({ outdir });
    const options = { alarmEmail: 'ops@example.com' };
    const { databaseStack, apiStack } = createStacks(app, getStage('production'), options);
    const stacks = [databaseStack, apiStack].map((stack) => ({
      name: stack.stackName,
      template: { Resources: Template.fromStack(stack).toJSON().Resources ?? {} },
    }));
    const { templates } = readReleased({ stacks });
    expect([...templates.keys()]).toEqual(stacks.map(({ name }) => name));
    const losses = stacks.flatMap(({ name, template }) =>
      lossesOf(name, changesOf(templates.get(name), template).resources),
    );
    expect(losses).toEqual([]);
  });
});
