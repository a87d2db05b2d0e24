import { beforeAll, describe, expect, it } from 'vitest';
import { order } from '../../helpers/orders.ts';
import { NASTY } from '../nasty-values.ts';
import { useOrders } from './client.ts';

// Whatever is in an address: it is answered, and never by a failure of ours.

const { get, upload } = useOrders();

const PARAMETERS = {
  '/api/orders': ['order_number', 'from', 'to', 'status', 'after', 'limit'],
  '/api/orders/changes': ['after', 'limit'],
  '/api/orders/digest': ['from', 'to'],
  '/api/uploads': ['after', 'limit'],
  '/api/whoami': ['user'],
};

beforeAll(() => upload('test_seller', [order()]));

describe('nasty input', () => {
  const cases = Object.entries(PARAMETERS).flatMap(([path, names]) =>
    names.map((name) => [path, name] as const),
  );

  it.each(cases)('of %s in %s is answered', async (path, name) => {
    for (const value of NASTY) {
      const cursor = Buffer.from(value).toString('base64url');
      for (const sent of name === 'after' ? [value, cursor] : [value]) {
        const { statusCode } = await get(path, { user: 'test_seller', [name]: sent });
        expect([sent, [200, 400, 403]]).toEqual([sent, expect.arrayContaining([statusCode])]);
      }
    }
  });

  it('of an id is a 404', async () => {
    for (const id of NASTY) {
      const fields = { routeKey: 'GET /api/uploads/{id}', pathParameters: { id } };
      expect([id, (await get('', {}, fields)).statusCode]).toEqual([id, 404]);
    }
  });
});
