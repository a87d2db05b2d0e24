import type { RDSData, SqlParameter } from '@aws-sdk/client-rds-data';

/** Of fewer characters the SDK makes JSON as fast. */
const LONG = 10_000;
const BRACE = 0x7d;

/** Where parameters are written: new memory for each call is garbage, and slower. */
let kept = Buffer.alloc(0);
const MOST_KEPT_BYTES = 2 * 1024 * 1024;

/**
 * Has the parameters of `ExecuteStatement` written by `JSON.stringify` where they are long texts:
 * the SDK goes through them character by character, three times as slowly, and leaves buffers of
 * many times their size as garbage. All else of the request stays the SDK's.
 */
export function writeLongParameters(client: RDSData): void {
  const taken = new WeakMap<object, readonly SqlParameter[]>();
  client.middlewareStack.add(
    (next) => (args) => {
      const { input } = args;
      if (!('parameters' in input) || !areLong(input.parameters)) return next(args);
      const { parameters, ...rest } = input;
      taken.set(rest, parameters);
      return next({ ...args, input: rest as typeof input });
    },
    { step: 'serialize', priority: 'high', name: 'takeLongParameters' },
  );
  client.middlewareStack.add(
    (next) => (args) => {
      const parameters = taken.get(args.input);
      const { request } = args;
      if (parameters && isWritten(request)) request.body = withParameters(request.body, parameters);
      return next(args);
    },
    { step: 'build', priority: 'high', name: 'writeLongParameters' },
  );
}

/** Whether they are long, and JSON has a notation for all of them. */
function areLong(parameters: SqlParameter[] | undefined): parameters is SqlParameter[] {
  let length = 0;
  for (const { value } of parameters ?? []) {
    if (value?.blobValue || !Number.isFinite(value?.doubleValue ?? 0)) return false;
    length += value?.stringValue?.length ?? 0;
  }
  return length >= LONG;
}

/** A request of no type that the SDK tells. */
function isWritten(request: unknown): request is { body: Uint8Array } {
  return (
    typeof request === 'object' &&
    request !== null &&
    'body' in request &&
    request.body instanceof Uint8Array
  );
}

/** @param body a JSON object that has members */
function withParameters(body: Uint8Array, parameters: readonly SqlParameter[]): Buffer {
  let to = 0;
  const write = (json: string) => {
    const neededBytes = to + 3 * json.length;
    if (neededBytes > kept.length) {
      const larger = Buffer.allocUnsafeSlow(2 * neededBytes);
      kept.copy(larger, 0, 0, to);
      kept = larger;
    }
    to += kept.write(json, to);
  };
  let before = ',"parameters":[';
  for (const parameter of parameters) {
    write(before);
    write(JSON.stringify(parameter));
    before = ',';
  }
  write(']}');
  const end = body.lastIndexOf(BRACE);
  const whole = Buffer.concat([body.subarray(0, end), kept.subarray(0, to)]);
  if (kept.length > MOST_KEPT_BYTES) kept = Buffer.alloc(0);
  return whole;
}
