import { type App, Tags } from 'aws-cdk-lib';
import { alarmEmail } from './alarm-email.ts';
import { ApiStack } from './api-stack.ts';
import { chosenRelease } from './chosen-release.ts';
import { customDomain } from './custom-domain.ts';
import { DatabaseStack } from './database-stack.ts';
import { stackNames } from './names.ts';
import type { Stage } from './stages.ts';

export interface StacksOptions {
  /** Where alarms are mailed, or `none`. @default nowhere, where the stage allows that */
  readonly alarmEmail?: string;
  /** How functions get a new version in this deploy. @default as the stage says */
  readonly release?: string;
  /** A name of our own for the API, with the ARN of its certificate. @default the stage's */
  readonly domain?: string;
  readonly certificateArn?: string;
  /** Where the deploy goes. @default not known; the templates are those of any region */
  readonly region?: string;
}

/**
 * The stacks of one stage: what holds data, and what can be thrown away and deployed again.
 *
 * @throws {NobodyHearsAlarmsError} when the stage needs somebody who is told of its alarms
 * @throws when an option is none
 */
export function createStacks(app: App, stage: Stage, options: StacksOptions = {}) {
  const names = stackNames(stage.name);
  const databaseStack = new DatabaseStack(app, names.database, { stage });
  const apiStack = new ApiStack(app, names.api, {
    stage: { ...stage, release: chosenRelease(stage, options.release) },
    database: databaseStack.database,
    alarmEmail: alarmEmail(stage, options.alarmEmail),
    domain: customDomain(stage.domain, options, options.region),
  });

  Tags.of(app).add('project', 'order-analytics');
  Tags.of(app).add('stage', stage.name);
  return { databaseStack, apiStack };
}
