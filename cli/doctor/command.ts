import { STSClient } from '@aws-sdk/client-sts';
import { counted } from '../counted.ts';
import type { Command } from '../run-command.ts';
import { ServiceError } from '../service-error.ts';
import { unlessAborted } from '../stop-signal.ts';
import { explainAwsError } from '../target/aws-errors.ts';
import { readAssembly } from '../templates/assembly.ts';
import { synthesizeStage } from '../templates/synthesize-stage.ts';
import { DOCTOR_LINE, type DoctorArguments, readDoctorArguments } from './arguments.ts';
import { examine } from './doctor.ts';

/** Looks whether a deploy would work, and changes nothing. */
export const doctorCommand: Command<DoctorArguments> = {
  line: DOCTOR_LINE,
  read: readDoctorArguments,
  async run({ stage, 'alarm-email': alarmEmail, app, profile }, signal) {
    const aws = { region: await regionOf(profile), profile };
    const assembly = app
      ? readAssembly(app, stage)
      : await synthesizeStage({ stage, alarmEmail }, signal);
    // What AWS has not answered yet is not waited for: nothing hangs on it.
    const examining = examine({ assembly, aws }, console.log, signal);
    const problems = await unlessAborted(examining, signal);
    if (problems > 0) {
      throw new ServiceError(
        `${counted(problems, 'problem')} found: the deploy would not go well.`,
      );
    }
    console.log('Nothing stands in the way of the deploy.');
  },
};

/** @throws {UsageError} when none is set */
async function regionOf(profile: string | undefined): Promise<string> {
  const client = new STSClient({ profile });
  try {
    return await client.config.region();
  } catch (error) {
    throw explainAwsError(error, { profile });
  } finally {
    client.destroy();
  }
}
