/** What is wrong with an order of a file. */
export interface OrderError {
  readonly code: string;
  readonly detail: string;
  /** Which column of a CSV file, or pointer into the order, it is about. */
  readonly field?: string;
  readonly value?: string;
}

/** An order as a file has it. */
export interface FileOrder {
  /** Where it begins, from 1. */
  readonly line: number;
  readonly column: number;
  /** As the file has it, to be given back when it is refused. */
  readonly raw: string;
  /** `undefined` where it cannot be sent. */
  readonly order: SendableOrder | undefined;
  readonly errors: readonly OrderError[];
}

export interface SendableOrder {
  readonly order_number: string;
  /** What is sent. */
  readonly json: string;
  /** `undefined` where the total is none: the service will say so. */
  readonly totalCents: bigint | undefined;
}

/** Cents of decimal text; zeros beyond them do not count. */
export function centsOf(amount: unknown): bigint | undefined {
  const text = typeof amount === 'number' ? String(amount) : amount;
  const match = typeof text === 'string' && /^(-?)(\d+)(?:\.(\d{1,2})0*)?$/.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '', cents = ''] = match;
  return BigInt(`${sign}${whole}${cents.padEnd(2, '0')}`);
}

/** Decimal text of cents, with two decimals. */
export function amountOf(cents: bigint): string {
  const digits = String(cents < 0n ? -cents : cents).padStart(3, '0');
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
