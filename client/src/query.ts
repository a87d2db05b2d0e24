type Value = string | number | readonly string[] | undefined;

/**
 * A query of what is given; a list is the same parameter several times.
 *
 * @throws {TypeError} of an empty list, which would not be in the query, and so mean all there is
 */
export function queryOf(parameters: Readonly<Record<string, Value>>): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined) continue;
    if (typeof value === 'object' && value.length === 0) throw new TypeError(`${name} is empty.`);
    for (const one of typeof value === 'object' ? value : [value]) query.append(name, String(one));
  }
  return query;
}

const MAX_NUMBERS = 100;
/** Of 10,240 for the address and all headers of a request, of which a key takes some. */
const MAX_NUMBERS_BYTES = 8_000;
/** `&order_number=` */
const NAME_BYTES = 14;

/**
 * Order numbers in lists that a request has room for, each once and in its last spelling, as the
 * service has it.
 */
export function* inRequests(orderNumbers: readonly string[]): Generator<readonly string[]> {
  let list: string[] = [];
  let bytes = 0;
  const distinct = new Map(orderNumbers.map((number) => [number.normalize(), number]));
  for (const number of distinct.values()) {
    const numberBytes = NAME_BYTES + String(new URLSearchParams({ n: number })).length;
    const isFull = list.length === MAX_NUMBERS || bytes + numberBytes > MAX_NUMBERS_BYTES;
    if (isFull && list.length > 0) {
      yield list;
      list = [];
      bytes = 0;
    }
    list.push(number);
    bytes += numberBytes;
  }
  if (list.length > 0) yield list;
}
