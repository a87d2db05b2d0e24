/** When and where the prices below were looked up. */
export const PRICED = {
  region: 'us-east-1',
  date: '2026-11-27',
  /** What they leave out: free tiers, discounts by volume, taxes. */
  kind: 'public list prices of the first tier',
} as const;

export interface Price {
  readonly usd: number;
  /** What it is for. */
  readonly per: string;
  /** AWS's page of it. */
  readonly page: string;
  /** Which texts name it: of AWS's pages only what stands around the tables could be read. */
  readonly seenIn: string;
}

const AURORA = 'https://aws.amazon.com/rds/aurora/pricing/';
const CLOUDWATCH = 'https://aws.amazon.com/cloudwatch/pricing/';

/** By what they are for. */
export const PRICES = {
  acuHour: { usd: 0.12, per: 'ACU-hour', page: AURORA, seenIn: 'texts of others' },
  storage: { usd: 0.1, per: 'GB and month', page: AURORA, seenIn: 'texts of others' },
  storageIo: { usd: 0.2, per: 'million I/Os', page: AURORA, seenIn: 'texts of others' },
  dataApi: {
    usd: 0.35,
    per: 'million requests of 32 KB',
    page: AURORA,
    seenIn: "a library's documentation; the 32 KB in one text alone",
  },
  lambdaRequests: {
    usd: 0.2,
    per: 'million requests',
    page: 'https://aws.amazon.com/lambda/pricing/',
    seenIn: 'texts of others',
  },
  lambdaTime: {
    usd: 0.0000133334,
    per: 'GB-second on arm64',
    page: 'https://aws.amazon.com/lambda/pricing/',
    seenIn: 'texts of others',
  },
  httpApi: {
    usd: 1,
    per: 'million requests of 512 KB',
    page: 'https://aws.amazon.com/api-gateway/pricing/',
    seenIn: "AWS's white paper on private APIs",
  },
  logs: { usd: 0.5, per: 'GB of logs', page: CLOUDWATCH, seenIn: 'texts of others' },
  metric: { usd: 0.3, per: 'metric and month', page: CLOUDWATCH, seenIn: 'texts of others' },
  alarm: {
    usd: 0.1,
    per: 'metric of an alarm and month',
    page: CLOUDWATCH,
    seenIn: 'texts of others',
  },
  dashboard: { usd: 3, per: 'dashboard and month', page: CLOUDWATCH, seenIn: 'texts of others' },
  secret: {
    usd: 0.4,
    per: 'secret and month',
    page: 'https://aws.amazon.com/secrets-manager/pricing/',
    seenIn: 'texts of others',
  },
  key: {
    usd: 1,
    per: 'KMS key and month, and again for each of its first two rotations',
    page: 'https://aws.amazon.com/kms/pricing/',
    seenIn: 'nothing: from memory',
  },
} as const satisfies Readonly<Record<string, Price>>;

export type PriceName = keyof typeof PRICES;

/** As AWS counts a month. */
export const HOURS_A_MONTH = 730;
