import { migrations } from '../../db/migrations/index.ts';
import { readFolder, readText } from '../option-values.ts';
import { type CommandLine, type Given, readArguments } from '../options.ts';
import type { Command } from '../run-command.ts';
import { ServiceError } from '../service-error.ts';
import { readAssembly } from '../templates/assembly.ts';
import { synthesizeStage } from '../templates/synthesize-stage.ts';
import { UsageError } from '../usage-error.ts';
import { executedNow } from './executed-now.ts';
import { readReleased, writeReleased } from './released.ts';
import { review } from './review.ts';

/** What is compared with later is production alone. */
const RELEASED_STAGE = 'production';

const LINE = {
  name: 'npm run review',
  options: {
    stage: { value: 'STAGE', help: 'of what', default: RELEASED_STAGE, read: readText },
    app: {
      value: 'DIR',
      help: 'what cdk synth has written (default: it is synthesized now)',
      read: readFolder,
    },
    release: { help: 'keeps what is now as what was released' },
  },
} as const satisfies CommandLine;

type ReviewArguments = Given<typeof LINE.options>['options'];

/** Some address: to whom alarms go is no matter of a release. */
const ALARM_EMAIL = 'ops@example.com';

/** Prints what a person reads before letting a release out. */
export const reviewCommand: Command<ReviewArguments> = {
  line: LINE,
  read(args) {
    const given = readArguments(LINE, args);
    return given === 'help' ? given : given.options;
  },
  async run({ stage, app, release }, signal) {
    if (release && stage !== RELEASED_STAGE) {
      throw new UsageError(
        `--release keeps ${RELEASED_STAGE} alone: say --stage ${RELEASED_STAGE}.`,
      );
    }
    const assembly = app
      ? readAssembly(app, stage)
      : await synthesizeStage({ stage, alarmEmail: ALARM_EMAIL }, signal);
    const { text, losses } = await review(assembly, readReleased(assembly), migrations);
    console.log(text);
    if (release) writeReleased(assembly, await executedNow(signal));
    else if (losses.length > 0) throw new ServiceError('It would lose what cannot be made again.');
  },
};
