import { ErrorList } from '../shared/error-list.ts';
import { isObject } from '../shared/is-object.ts';
import { isJsonString } from '../shared/json-number.ts';
import { Problem } from '../shared/problem.ts';
import { REPLACEMENT } from '../shared/replacement.ts';
import { badBody } from './bad-body.ts';
import { orderNumberIn } from './order-number.ts';

// What is not UTF-8 was made U+FFFD by whoever decoded it, API Gateway or this function.
// Stored, different texts would become the same; and nobody means U+FFFD.

const DETAIL = 'Has bytes that are not UTF-8, or U+FFFD, which stands for them: send UTF-8.';

/** Whether U+FFFD may be in JSON, as itself or as an escape. */
export function mayBeDamaged(json: string): boolean {
  return json.includes(REPLACEMENT) || json.includes('\\uf') || json.includes('\\uF');
}

/**
 * Whether what is no JSON is UTF-16 or UTF-32 without a mark: JSON begins with ASCII, beside
 * which they have a byte of zeros.
 */
export function isWide(bytes: Uint8Array): boolean {
  return bytes[0] === 0 || bytes[1] === 0;
}

/** U+FFFD in JSON, as itself or as an escape whose backslash is no text of its own. */
const DAMAGE = /\ufffd|(?<!\\)(?:\\\\)*\\uf{3}d/i;

/**
 * @param body JSON whose numbers are for `numberText`
 * @param json the same as text
 * @throws {Problem} 400 that names every text, and every field's name, with U+FFFD in it;
 * the whole body where it is in a field that comes again later, which parsing has left out
 */
export function refuseDamagedText(body: unknown, json: string): void {
  const errors = new ErrorList();
  for (const { pointer, value } of damagedTexts(body)) {
    const order_number = orderNumberAt(body, pointer);
    const known = order_number !== undefined && { order_number };
    errors.add({ pointer, code: 'invalid_utf8', detail: DETAIL, ...known, value });
    if (errors.isFull) break;
  }
  if (errors.count === 0) {
    if (DAMAGE.test(json))
      throw badBody('invalid_utf8', 'A field that comes twice is not UTF-8: send UTF-8.');
    return;
  }
  throw new Problem(400, {
    detail: 'The body is not UTF-8: send UTF-8. Nothing was stored.',
    errors: errors.listed(),
    errorsCount: errors.count,
  });
}

/** An array or object that is being looked through. */
interface Open {
  readonly place: Place;
  readonly members: Iterator<readonly [string | number, unknown]>;
}

/**
 * Texts and names in the document's order. What is open is a list, so that no depth is too deep.
 */
function* damagedTexts(body: unknown): Generator<{ pointer: string; value: string }> {
  if (isDamaged(body)) yield { pointer: '', value: body };
  const open: Open[] = [{ place: { pointer: '', isWhole: true }, members: membersOf(body) }];
  for (let inner = open.at(-1); inner; inner = open.at(-1)) {
    const { done, value: member } = inner.members.next();
    if (done) {
      open.pop();
      continue;
    }
    const [name, value] = member;
    if (isDamaged(name)) yield { pointer: placeIn(inner.place, name).pointer, value: name };
    if (isDamaged(value)) yield { pointer: placeIn(inner.place, name).pointer, value };
    else if (typeof value === 'object' && value !== null) {
      open.push({ place: placeIn(inner.place, name), members: membersOf(value) });
    }
  }
}

function isDamaged(value: unknown): value is string {
  return isJsonString(value) && value.includes(REPLACEMENT);
}

function membersOf(value: unknown): Open['members'] {
  if (Array.isArray(value)) return value.entries();
  return Object.entries(typeof value === 'object' && value !== null ? value : {}).values();
}

interface Place {
  readonly pointer: string;
  /** Not where it became too long: then it points to what is around. */
  readonly isWhole: boolean;
}

const MAX_POINTER_LENGTH = 300;

function placeIn({ pointer, isWhole }: Place, name: string | number): Place {
  const step = `${name}`;
  if (!isWhole || pointer.length + step.length > MAX_POINTER_LENGTH) {
    return { pointer, isWhole: false };
  }
  const escaped = step.replaceAll('~', '~0').replaceAll('/', '~1');
  return { pointer: `${pointer}/${escaped}`, isWhole };
}

function orderNumberAt(body: unknown, pointer: string): string | undefined {
  const [, place] = /^\/orders\/(\d+)(?:\/|$)/.exec(pointer) ?? [];
  if (place === undefined || !isObject(body)) return undefined;
  const number = orderNumberIn(memberOf(body.orders, place));
  return isDamaged(number) ? undefined : number;
}

function memberOf(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value[Number(name)];
  return isObject(value) ? value[name] : undefined;
}
