import type { SignatureV4Init } from '@smithy/signature-v4';

/** The API that has the admin, and as whom to ask it. */
export interface Target {
  /** Scheme, host and port of the API. */
  readonly origin: string;
  readonly region: string;
  readonly credentials: SignatureV4Init['credentials'];
  /** For people: whose admin it is. */
  readonly title: string;
}
