import { describe, expect, expectTypeOf, it } from 'vitest';
import type * as client from '../../client/src/index.ts';
import { PROBLEM_CODES } from '../../client/src/index.ts';
import type { GivenItem, GivenOrder } from '../../db/orders/order-json.ts';
import type * as stats from '../../db/stats/seller-stats.ts';
import type { UploadedItem, UploadedOrder } from '../../db/uploads/order-columns.ts';
import type * as receipts from '../../db/uploads/stored-receipts.ts';
import type { Scope } from '../../functions/routes.ts';
import * as service from '../../functions/shared/problem-codes.ts';

// What can be said of the client's types without running is said by the compiler: it fails here
// when the service has another field. What the service answers, package.test.ts compares with them.

/** The client gives an amount as text. */
type WithText<T, Amounts extends keyof T> = Omit<T, Amounts> & {
  readonly [Field in Amounts]: string;
};

describe('the types', () => {
  it('of what is sent have the fields that the service takes', () => {
    expectTypeOf<keyof client.NewOrder>().toEqualTypeOf<keyof UploadedOrder>();
    expectTypeOf<keyof client.NewItem>().toEqualTypeOf<keyof UploadedItem>();
    expectTypeOf<number>().not.toExtend<client.Amount>();
  });

  it('of what is given back are those of the service, amounts as text', () => {
    type Order = WithText<Omit<GivenOrder, 'items'>, 'total_amount'>;
    expectTypeOf<Omit<client.Order, 'items'>>().branded.toEqualTypeOf<Order>();
    expectTypeOf<client.Item>().branded.toEqualTypeOf<WithText<GivenItem, 'price'>>();
    expectTypeOf<client.Receipt>().toEqualTypeOf<receipts.Receipt>();
    expectTypeOf<Omit<client.ReceiptWithOrders, 'user'>>().branded.toEqualTypeOf<
      Omit<receipts.ReceiptWithOrders, never>
    >();
    expectTypeOf<keyof client.Figures>().toEqualTypeOf<keyof stats.Stats>();
    expectTypeOf<client.Granularity>().toEqualTypeOf<stats.Granularity>();
    expectTypeOf<client.Scope>().toEqualTypeOf<Scope>();
  });

  it('know the codes of the service', () => {
    expect(PROBLEM_CODES).toEqual(service.PROBLEM_CODES);
  });
});
