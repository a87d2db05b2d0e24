import type { Assembly } from '../templates/assembly.ts';

/** What a check has found. A problem makes the deploy fail, or the service afterwards. */
export interface Finding {
  readonly level: 'ok' | 'warning' | 'problem';
  readonly says: string;
  /** What to do about it. */
  readonly advice?: string;
}

/** Where to look, and what shall be deployed there. */
export interface Examined {
  readonly assembly: Assembly;
  /** For clients of the AWS SDK. */
  readonly aws: AwsConfig;
}

export interface AwsConfig {
  readonly region: string;
  readonly profile: string | undefined;
}

/** Something that a deploy needs. */
export interface Check {
  /** A word or two. */
  readonly title: string;
  /** @throws what the AWS SDK throws, when it cannot be looked at */
  find(examined: Examined): Promise<readonly Finding[]>;
}
