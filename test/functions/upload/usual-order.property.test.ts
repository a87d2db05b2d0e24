import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ErrorList } from '../../../functions/shared/error-list.ts';
import { markNumbers } from '../../../functions/shared/json-number.ts';
import { checkOrder } from '../../../functions/upload/input.ts';
import { usualOrder } from '../../../functions/upload/usual-order.ts';
import { anyCharacter } from '../../helpers/any-character.ts';
import { NASTY } from '../nasty-values.ts';
import { ITEM, ORDER } from './parsing.ts';

/** For more: `RUNS=1500000 npm run test:unit -- --testTimeout=600000 FILE`, a minute or two. */
const RUNS = Number(process.env.RUNS ?? 20_000);

const parse = (json: string): unknown => JSON.parse(markNumbers(Buffer.from(json)));

/** What is nearly a number, an instant, a name, or is one. */
const ODD = [
  ...['0', '-0', '00', '007', '1.', '.5', '1.5', '1.50', '1.500', '1.505', '1e3', '1E-2', '-1.25'],
  ...['99999999', '99999999.99', '100000000', '9999999999.99', '10000000000', '2147483648'],
  ...['1,5', '+1', '1 ', '2.0', '0.000', '999999999', '1000000000', '０', 'NaN'],
  ...['2025-11-12T10:00:00Z', '2025-11-12t10:00:00z', '2025-02-29T00:00:00Z'],
  ...['2024-02-29T23:59:60Z', '2025-11-12T10:00:00.123456789+05:30', '1970-01-01T00:00:00+00:01'],
  ...['9999-12-31T23:59:59-00:01', '2025-11-12 10:00:00Z', '\x001', '\0\x001', '\0'],
  ...['a', ' a', 'a ', 'a b', 'é', 'e\u0301', '\ud83d', '🍵', 'x'.repeat(20), 'x'.repeat(21)],
  ...['x'.repeat(50), 'x'.repeat(51), '🍵'.repeat(128), 'x'.repeat(255), '🍵'.repeat(255)],
];

/** JSON of a value; numbers stand in it as they are written, which JavaScript cannot do. */
const written = (value: unknown) => JSON.stringify(value) ?? 'null';
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const anything = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...ODD).map(written) },
  { weight: 4, arbitrary: fc.constantFrom(...ODD.filter((text) => NUMBER.test(text))) },
  { weight: 1, arbitrary: fc.constantFrom(...NASTY).map(written) },
  { weight: 1, arbitrary: fc.string({ unit: anyCharacter, maxLength: 60 }).map(written) },
  { weight: 1, arbitrary: fc.constantFrom('null', 'true', '[]', '{}', '["a"]', '{"a":1}') },
);

const amount = fc
  .tuple(fc.nat({ max: 99_999_999 }), fc.constantFrom('', '.5', '.05', '.50', '.99'))
  .map(([whole, rest]) => `${whole}${rest}`);
const quoted = (text: fc.Arbitrary<string>) => fc.oneof(text, text.map(written));

/** An object's members as JSON, one of them anything, or nothing, as often as not. */
const members = (good: Record<string, fc.Arbitrary<string>>) =>
  fc
    .tuple(
      fc.record(good),
      fc.option(fc.tuple(fc.constantFrom(...Object.keys(good)), anything), { freq: 2 }),
    )
    .map(([usual, odd]) => (odd ? { ...usual, [odd[0]]: odd[1] } : usual))
    .map((all) => Object.entries(all).map(([name, json]) => `${written(name)}:${json}`));
const object = (good: Record<string, fc.Arbitrary<string>>) =>
  fc
    .tuple(
      members(good),
      fc.oneof(
        { weight: 20, arbitrary: fc.constant(-1) },
        { weight: 1, arbitrary: fc.nat({ max: 5 }) },
      ),
    )
    .map(([all, left]) => `{${all.filter((_, place) => place !== left).join(',')}}`);

const good = (value: string) => fc.constant(written(value));
const item = object({
  sku: good(ITEM.sku),
  name: good(ITEM.name),
  quantity: quoted(fc.nat().map(String)),
  price: quoted(amount),
});
const order = object({
  order_number: good(ORDER.order_number),
  created_at: good(ORDER.created_at),
  total_amount: quoted(amount),
  status: good(ORDER.status),
  items: fc.array(item, { maxLength: 2 }).map((items) => `[${items.join(',')}]`),
  updated_at: fc.oneof(good(ORDER.created_at), fc.constant('null')),
});

describe('an order of the usual form', () => {
  it('comes to what the schema makes of it, and no order that is wrong has it', () => {
    let usual = 0;
    fc.assert(
      fc.property(order, (json) => {
        const raw = parse(json);
        const found = usualOrder(raw);
        if (!found) return;
        usual += 1;
        const errors = new ErrorList();
        expect(found).toEqual(checkOrder(raw, '', errors));
        expect(errors.count).toBe(0);
      }),
      { numRuns: RUNS },
    );
    expect(usual).toBeGreaterThan(RUNS / 10);
  });

  it.each([
    ['as the documentation has it', ORDER],
    ['without items', { ...ORDER, items: [] }],
    [
      'with amounts as text',
      { ...ORDER, total_amount: '2500.5', items: [{ ...ITEM, price: '0' }] },
    ],
    ['with its time of change', { ...ORDER, updated_at: '2025-11-12T10:00:00.5+03:00' }],
    ['with fields that nobody knows', { ...ORDER, note: { a: [1] } }],
  ])('is one %s', (_how, sent) => {
    expect(usualOrder(parse(JSON.stringify(sent)))).toBeDefined();
  });
});
