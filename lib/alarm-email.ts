import { DeployOptionError } from './deploy-option-error.ts';
import type { Stage } from './stages.ts';

/** Said in place of an address: nobody is to be mailed, and that is meant. */
const NOBODY = 'none';

/** Nobody would hear of the alarms of a stage that people rely on. */
export class NobodyHearsAlarmsError extends DeployOptionError {
  override readonly name = 'NobodyHearsAlarmsError';

  constructor(stage: string) {
    super(
      `Nobody would hear of the alarms of the stage "${stage}". Say who is mailed: -c alarmEmail=ops@example.com, in every deploy. If the topic has other subscribers, or nobody shall hear: -c alarmEmail=${NOBODY}.`,
    );
  }
}

/**
 * Where a stage's alarms are mailed; `undefined` is nowhere.
 *
 * @param given what was said of it: an address, `none`, or nothing
 * @throws {NobodyHearsAlarmsError} when nothing was said of a stage whose alarms must be heard
 */
export function alarmEmail({ name, alarms }: Stage, given: string | undefined): string | undefined {
  if (given === NOBODY) return undefined;
  if (given && /^[^@\s]+@[^@\s]+$/.test(given)) return given;
  if (given) {
    throw new DeployOptionError(`"${given}" is no address that alarms could be mailed to.`);
  }
  if (alarms.mustBeHeard) throw new NobodyHearsAlarmsError(name);
  return undefined;
}
