import { randomUUID } from 'node:crypto';
import { AwsJsonError } from '../aws-json.ts';

/** An event that a bus has taken. */
export interface BusEvent {
  readonly id: string;
  readonly bus: string;
  readonly source: string;
  readonly detailType: string;
  readonly detail: unknown;
  readonly resources: readonly string[];
}

/** What PutEvents answers for one entry. */
export type EntryAnswer =
  | { readonly EventId: string }
  | { readonly ErrorCode: string; readonly ErrorMessage: string };

const MAX_ENTRIES = 10;
const MAX_REQUEST_BYTES = 256 * 1024;
const TIME_BYTES = 14;

/**
 * Checks a PutEvents request as EventBridge does: the request as a whole, then each entry by itself.
 *
 * @param request the parsed body
 * @param buses the names and ARNs that there are, beside `default`
 * @throws {AwsJsonError} ValidationException: the request as a whole is refused
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
export function putEvents(
  request: unknown,
  buses: readonly string[],
): { answers: EntryAnswer[]; events: BusEvent[] } {
  const { Entries } = (request ?? {}) as { Entries?: unknown };
  if (!Array.isArray(Entries) || Entries.length === 0 || Entries.length > MAX_ENTRIES) {
    throw validationException(
      "1 validation error detected: Value at 'entries' failed to satisfy constraint: " +
        `Member must have length between 1 and ${MAX_ENTRIES}`,
    );
  }
  const sizeBytes = Entries.reduce((sum: number, entry: Entry) => sum + entryBytes(entry), 0);
  if (sizeBytes > MAX_REQUEST_BYTES) {
    throw validationException(`Total size of the entries in the request is over the limit.`);
  }
  const events: BusEvent[] = [];
  const answers = Entries.map((entry: Entry): EntryAnswer => {
    const taken = readEntry(entry, buses);
    if ('ErrorCode' in taken) return taken;
    events.push(taken);
    return { EventId: taken.id };
  });
  return { answers, events };
}

const validationException = (message: string) => new AwsJsonError('ValidationException', message);

interface Entry {
  readonly Source?: unknown;
  readonly DetailType?: unknown;
  readonly Detail?: unknown;
  readonly EventBusName?: unknown;
  readonly Resources?: readonly string[];
  readonly Time?: unknown;
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-putevent-size */
function entryBytes({ Source, DetailType, Detail, Resources = [], Time }: Entry): number {
  const texts = [Source, DetailType, Detail, ...Resources];
  const bytes = texts.map((text) => (typeof text === 'string' ? Buffer.byteLength(text) : 0));
  return bytes.reduce((sum, count) => sum + count, Time === undefined ? 0 : TIME_BYTES);
}

function readEntry(
  entry: Entry,
  buses: readonly string[],
): BusEvent | (EntryAnswer & { ErrorCode: string }) {
  for (const field of ['Source', 'DetailType', 'Detail'] as const) {
    if (typeof entry[field] !== 'string' || entry[field] === '') {
      return invalid(`Parameter ${field} is not valid. Reason: ${field} is a required argument.`);
    }
  }
  const { Source, DetailType, Detail, EventBusName = 'default', Resources = [] } = entry;
  if (String(Source).startsWith('aws.'))
    return { ErrorCode: 'NotAuthorizedForSource', ErrorMessage: 'Not authorized for the source.' };
  if (EventBusName !== 'default' && !buses.includes(String(EventBusName))) {
    return invalid(`Event bus ${String(EventBusName)} does not exist.`);
  }
  const detail = parseObject(String(Detail));
  if (!detail) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  return {
    id: randomUUID(),
    bus: String(EventBusName),
    source: String(Source),
    detailType: String(DetailType),
    detail,
    resources: Resources,
  };
}

const invalid = (ErrorMessage: string) => ({ ErrorCode: 'InvalidArgument', ErrorMessage });

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
