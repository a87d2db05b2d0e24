import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { schemaOfInput } from '../../../cli/openapi/valibot-schema.ts';
import { amount, fields, list, name } from '../../../functions/upload/fields.ts';

describe('schemaOfInput', () => {
  it('says what checks take that a converter does not see into, members of lists too', () => {
    const schema = fields({ orders: list(fields({ sku: name(50), price: amount(8) })) });
    expect(schemaOfInput(schema)).toMatchObject({
      properties: {
        orders: {
          type: 'array',
          items: {
            properties: {
              sku: { type: 'string', maxLength: 50 },
              price: { anyOf: [{ type: 'number', maximum: 99_999_999.99 }, { type: 'string' }] },
            },
            required: ['sku', 'price'],
          },
        },
      },
    });
  });

  it('fails on a check that says nothing of what it takes', () => {
    const schema = fields({ orders: list(fields({ sku: v.custom(() => true) })) });
    expect(() => schemaOfInput(schema)).toThrow('The schema of /orders/-/sku says nothing.');
  });
});
