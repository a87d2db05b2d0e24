import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { AwsJsonError } from '../aws/aws-json.ts';

/** An event that a bus has taken. */
export interface BusEvent {
  readonly id: string;
  readonly bus: string;
  readonly source: string;
  readonly detailType: string;
  readonly detail: object;
  readonly resources: readonly string[];
}

/** What PutEvents answers for one entry. */
export type EntryAnswer =
  | { readonly EventId: string }
  | { readonly ErrorCode: string; readonly ErrorMessage: string };

/** What members are, before it is asked whether they fit. What others there are is no matter. */
const isNoList = v.check((value: unknown) => !Array.isArray(value)); // which has members, too
const EntrySchema = v.pipe(
  v.unknown(),
  isNoList,
  v.object({
    Source: v.nullish(v.string()),
    DetailType: v.nullish(v.string()),
    Detail: v.nullish(v.string()),
    EventBusName: v.nullish(v.string()),
    Resources: v.nullish(v.array(v.string())),
    Time: v.nullish(v.union([v.number(), v.string()])),
  }),
);
const RequestSchema = v.pipe(
  v.unknown(),
  isNoList,
  v.object({ Entries: v.nullish(v.array(EntrySchema)) }),
);

type Entry = v.InferOutput<typeof EntrySchema>;

const MAX_ENTRIES = 10;
const MAX_REQUEST_BYTES = 256 * 1024;
const TIME_BYTES = 14;

/**
 * Checks a PutEvents request as EventBridge does: the request as a whole,
 * then each entry by itself.
 *
 * @param request the parsed body
 * @param buses the names and ARNs that there are, beside `default`
 * @throws {AwsJsonError} SerializationException, ValidationException:
 * the request as a whole is refused
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
export function putEvents(
  request: unknown,
  buses: readonly string[],
): { answers: EntryAnswer[]; events: BusEvent[] } {
  const parsed = v.safeParse(RequestSchema, request);
  if (!parsed.success) {
    const where = v.getDotPath(parsed.issues[0]) ?? 'the request';
    throw new AwsJsonError('SerializationException', `${where} is of another type.`);
  }
  const { Entries } = parsed.output;
  if (!Entries || Entries.length === 0 || Entries.length > MAX_ENTRIES) {
    throw validationException(
      "1 validation error detected: Value at 'entries' failed to satisfy constraint: " +
        `Member must have length between 1 and ${MAX_ENTRIES}`,
    );
  }
  const sizeBytes = Entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
  if (sizeBytes > MAX_REQUEST_BYTES) {
    throw validationException(`Total size of the entries in the request is over the limit.`);
  }
  const events: BusEvent[] = [];
  const answers = Entries.map((entry): EntryAnswer => {
    const taken = readEntry(entry, buses);
    if ('ErrorCode' in taken) return taken;
    events.push(taken);
    return { EventId: taken.id };
  });
  return { answers, events };
}

const validationException = (message: string) => new AwsJsonError('ValidationException', message);

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-putevent-size */
function entryBytes({ Source, DetailType, Detail, Resources, Time }: Entry): number {
  const texts = [Source, DetailType, Detail, ...(Resources ?? [])];
  const bytes = texts.map((text) => Buffer.byteLength(text ?? ''));
  return bytes.reduce((sum, count) => sum + count, Time == null ? 0 : TIME_BYTES);
}

function readEntry(
  entry: Entry,
  buses: readonly string[],
): BusEvent | (EntryAnswer & { ErrorCode: string }) {
  const { Source, DetailType, Detail } = entry;
  if (!Source) return missing('Source');
  if (!DetailType) return missing('DetailType');
  if (!Detail) return missing('Detail');
  if (Source.startsWith('aws.'))
    return { ErrorCode: 'NotAuthorizedForSource', ErrorMessage: 'Not authorized for the source.' };
  const bus = entry.EventBusName ?? 'default';
  if (bus !== 'default' && !buses.includes(bus)) {
    return invalid(`Event bus ${bus} does not exist.`);
  }
  const detail = parseObject(Detail);
  if (!detail) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  return {
    id: randomUUID(),
    bus,
    source: Source,
    detailType: DetailType,
    detail,
    resources: entry.Resources ?? [],
  };
}

const missing = (field: keyof Entry) =>
  invalid(`Parameter ${field} is not valid. Reason: ${field} is a required argument.`);

const invalid = (ErrorMessage: string) => ({ ErrorCode: 'InvalidArgument', ErrorMessage });

/** `undefined` for what is no JSON object, or nested deeper than can be passed on. */
function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    JSON.stringify(value);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
