import type { SignatureV4Init } from '@smithy/signature-v4';

/** The API that has the admin, and as whom to ask it. */
export interface Target {
  /** Scheme, host and port of the API. */
  readonly origin: string;
  readonly region: string;
  readonly credentials: SignatureV4Init['credentials'];
  /** For people: whose admin it is. */
  readonly title: string;
  /** The options by which a command chooses it, as they are pasted. @default nobody knows */
  readonly chosenBy?: string;
}

/** Whose admin a person means. */
export type TargetChoice = DeployedStage | LocalFolder;

export interface DeployedStage {
  readonly stage: string;
  /** @default what the AWS SDK's default provider chain finds */
  readonly profile?: string | undefined;
}

/** The data folder of the `npm start` that runs. */
export interface LocalFolder {
  readonly dataDir: string;
}
