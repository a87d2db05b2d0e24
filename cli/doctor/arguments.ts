import { readFolder, readText } from '../option-values.ts';
import { type CommandLine, type Given, readArguments } from '../options.ts';

export const DOCTOR_LINE = {
  name: 'npm run doctor',
  options: {
    stage: {
      value: 'STAGE',
      help: 'what shall be deployed: dev, production',
      required: true,
      read: readText,
    },
    'alarm-email': {
      value: 'ADDRESS',
      help: 'as the deploy will be told by -c alarmEmail=ADDRESS',
      default: 'none',
      read: readText,
    },
    app: {
      value: 'DIR',
      help: 'what cdk synth has written (default: it is synthesized now)',
      read: readFolder,
    },
    profile: {
      value: 'NAME',
      help: 'these AWS credentials (default: as the AWS CLI finds them)',
      read: readText,
    },
  },
} as const satisfies CommandLine;

export type DoctorArguments = Given<typeof DOCTOR_LINE.options>['options'];

/** @throws {UsageError} when the arguments do not fit */
export function readDoctorArguments(args: readonly string[]): DoctorArguments | 'help' {
  const given = readArguments(DOCTOR_LINE, args);
  return given === 'help' ? given : given.options;
}
