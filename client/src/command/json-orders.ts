import { parseExactly } from '../exact-json.ts';
import { centsOf, type FileOrder } from './file-order.ts';
import { InputError } from './input-error.ts';

/**
 * The orders of JSON in any of its forms: the API's (`{"user": …, "orders": […]}`), an array, or
 * objects one after the other, as a line each (NDJSON). An order is sent as the text that it is
 * there, so that its amounts keep their digits. Only one order is held at a time.
 *
 * @param user whose they have to be, where the text says whose they are
 * @param read what is made of an order's text, such as `unreadOrder`
 * @throws {InputError} where the text as a whole is no JSON, with the place
 */
export async function* jsonOrders(
  text: AsyncIterable<string>,
  user?: string,
  read = fileOrder,
): AsyncGenerator<FileOrder, void> {
  const scanner = new Scanner(user, read);
  for await (const chunk of text) yield* scanner.read(chunk);
  scanner.end();
}

/** An order that is only known to be there: reading it takes most of the time. */
export const unreadOrder = (raw: string, place: Place): FileOrder => ({
  ...place,
  raw,
  order: undefined,
  errors: [],
});

interface Place {
  readonly line: number;
  readonly column: number;
}

/**
 * Follows brackets and strings. A value is an order when it stands at the top, in an array at the
 * top, or in the `orders` of an object at the top, which is known to be none itself then.
 */
class Scanner {
  readonly #user: string | undefined;
  readonly #read: typeof fileOrder;
  #line = 1;
  #column = 0;
  #isInString = false;
  #isEscaped = false;
  /** The open brackets around this place, those of an order's own inside left out. */
  readonly #around: ('[' | '{' | 'orders')[] = [];
  /** How deep this place is in an order. */
  #depth = 0;
  #start: Place | undefined;
  #raw = '';
  /** What stands behind the orders of the API's form, which may say whose they are. */
  #tail = '';

  constructor(user: string | undefined, read: typeof fileOrder) {
    this.#user = user;
    this.#read = read;
  }

  *read(chunk: string): Generator<FileOrder, void> {
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const character = chunk[at]!;
      this.#column += 1;
      if (character === '\n') {
        this.#line += 1;
        this.#column = 0;
      }
      if (this.#start === undefined && this.#around.at(-1) === '{') this.#keep(character);
      if (this.#isInString) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (character === '\\') this.#isEscaped = true;
        else if (character === '"') this.#isInString = false;
        continue;
      }
      if (this.#start === undefined) {
        if (this.#around.at(-1) === '{') this.#skip(character);
        else if (this.#begins(character)) from = at;
        continue;
      }
      if (character === '"') this.#isInString = true;
      else if (character === '{') this.#depth += 1;
      else if (character === '[') {
        const isOutside = this.#depth === 1 && this.#around.length === 0;
        if (isOutside && this.#opensOrders(this.#raw + chunk.slice(from, at), this.#start)) {
          this.#around.push('{', 'orders');
          this.#forget();
        } else this.#depth += 1;
      } else if (character === '}' || character === ']') {
        this.#depth -= 1;
        if (this.#depth > 0) continue;
        yield this.#read(this.#raw + chunk.slice(from, at + 1), this.#start);
        this.#forget();
      }
    }
    if (this.#start === undefined) return;
    this.#raw += chunk.slice(from);
    if (this.#raw.length > MAX_ORDER) throw broken(this.#start, TOO_LONG);
  }

  /** @throws {InputError} when something is still open */
  end(): void {
    const open = this.#start ?? (this.#around.length > 0 ? this.#place() : undefined);
    if (open) throw broken(open, 'what begins here does not end');
  }

  /** Whether an order begins with a character between orders. */
  #begins(character: string): boolean {
    if (/[\s,]/.test(character)) return false;
    const around = this.#around.at(-1);
    if (character === '{') {
      this.#start = this.#place();
      this.#depth = 1;
      return true;
    }
    if (character === '[' && around === undefined) this.#around.push('[');
    else if (character === ']' && around !== undefined) this.#around.pop();
    else throw broken(this.#place(), `there is ${JSON.stringify(character)} where an order begins`);
    return false;
  }

  /**
   * Whether what stands before an array makes it the orders of the API's form.
   *
   * @throws {InputError} where they are another seller's
   */
  #opensOrders(before: string, start: Place): boolean {
    if (!HEAD.test(before)) return false;
    const fields = fieldsIn(`${before}[]}`);
    if (fields ? isOrder(fields) : ORDERS_OWN.test(before)) return false;
    if (!fields) throw broken(start, 'what stands before its orders is no JSON');
    this.#checkUser(fields);
    return true;
  }

  /** @throws {InputError} where orders would be lost, or are another seller's */
  #closeOrders(): void {
    const fields = fieldsIn(`{${this.#tail.replace(/^\s*,/, '')}`);
    if (!fields) throw broken(this.#place(), 'what stands behind its orders is no JSON');
    if (isOrder(fields)) throw broken(this.#place(), 'an order ends that has orders of its own');
    if ('orders' in fields) throw broken(this.#place(), 'what ends has "orders" twice');
    this.#checkUser(fields);
    this.#tail = '';
    this.#around.pop();
  }

  /** What stands behind the orders of the API's form. */
  #skip(character: string): void {
    if (character === '"') this.#isInString = true;
    else if (character === '[' || character === '{') this.#depth += 1;
    else if (character === ']') this.#depth -= 1;
    else if (character === '}') {
      if (this.#depth > 0) this.#depth -= 1;
      else this.#closeOrders();
    }
  }

  /** @throws {InputError} where that is more than anybody says of orders */
  #keep(character: string): void {
    this.#tail += character;
    if (this.#tail.length > MAX_TAIL) throw broken(this.#place(), 'too much follows its orders');
  }

  /** @throws {InputError} where orders are another seller's than the key is */
  #checkUser({ user }: Fields): void {
    if (this.#user === undefined || user === undefined || isSame(user, this.#user)) return;
    throw new InputError(`These are orders of ${user}, and the key is that of ${this.#user}.`);
  }

  #forget(): void {
    this.#start = undefined;
    this.#raw = '';
    this.#depth = 0;
  }

  #place(): Place {
    return { line: this.#line, column: Math.max(this.#column, 1) };
  }
}

/** In characters, as the next; an upload of so many bytes is refused. */
const MAX_ORDER = 16 * 1024 * 1024;
const TOO_LONG =
  'what begins has more than 16 MiB, which no order may have: does a bracket or a quotation mark not close?';
const MAX_TAIL = 100_000;

/** What stands before the orders of the API's form. */
const HEAD = /[{,]\s*"orders"\s*:\s*$/;

type Fields = Readonly<Record<string, unknown>>;

/** Of an object as text; `undefined` where that is no JSON. */
function fieldsIn(json: string): Fields | undefined {
  try {
    return JSON.parse(json) as Fields;
  } catch {
    return undefined;
  }
}

/** What stands around the orders of the API's form has neither a number nor items. */
const isOrder = (fields: Fields) => 'order_number' in fields || Array.isArray(fields.items);
const ORDERS_OWN = /[{,]\s*"(?:order_number"\s*:|items"\s*:\s*\[)/;

/** As the service compares names: composed. */
const isSame = (user: unknown, other: string) =>
  typeof user === 'string' && user.normalize() === other.normalize();

const broken = ({ line, column }: Place, what: string) =>
  new InputError(`This is no JSON of orders: at line ${line}, column ${column}, ${what}.`);

function fileOrder(raw: string, place: Place): FileOrder {
  const refused = (code: string, detail: string): FileOrder => ({
    ...place,
    raw,
    order: undefined,
    errors: [{ code, detail }],
  });
  let order: { readonly order_number?: unknown; readonly total_amount?: unknown };
  try {
    order = parseExactly(raw) as typeof order;
  } catch {
    return refused('invalid_json', 'Is no JSON.');
  }
  const { order_number, total_amount } = order;
  if (order_number === undefined) return refused('missing', 'Has no order_number.');
  if (typeof order_number !== 'string') {
    return refused('invalid_type', 'Its order_number must be a string, such as "1001".');
  }
  const json = raw.replaceAll(/[\r\n]+/g, ' '); // they are between tokens: strings have none
  return {
    ...place,
    raw,
    order: { order_number, json, totalCents: centsOf(total_amount) },
    errors: [],
  };
}
