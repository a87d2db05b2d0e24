import type { NewOrder } from '../../client/src/index.ts';
import { Random } from './random.ts';
import type { Shop } from './shops.ts';
import {
  canBePaidBack,
  cancelled,
  corrected,
  delivered,
  paid,
  refund,
  type Sale,
  trial,
  wrong,
  type Year,
  yearOfSales,
} from './year.ts';

/** What a shop asks of the service, one thing after the other. */
export type Step =
  | { readonly upload: readonly NewOrder[] }
  /** Takes back the upload before it. */
  | { readonly undo: true }
  | { readonly delete: string };

/** A shop's year, and the orders of it that are worth a look. */
export interface Steps {
  readonly steps: readonly Step[];
  readonly notable: {
    readonly cancelled: string;
    readonly refunded: string;
    readonly corrected: string;
    readonly undone: string;
    readonly deleted: string;
  };
}

const CANCELLED = 0.04;
const REFUNDED = 0.03;
const CORRECTED = 12;
const WRONG = 60;

/**
 * A year of a shop as the service gets to know of it: each quarter's orders, what became of them,
 * corrections long after, an upload that was a mistake and is undone, and one order deleted.
 */
export function stepsOf(shop: Shop, year: Year): Steps {
  const sales = yearOfSales(shop, year);
  const quarters = [...Map.groupBy(sales, (sale) => year.quarterOf(sale)).values()];
  const random = new Random(shop.seed + 100);
  const gone: string[] = [];
  const back: string[] = [];
  const fate = (sale: Sale): NewOrder[] => {
    if (random.isTrue(CANCELLED)) {
      gone.push(sale.number);
      return [cancelled(sale, year)];
    }
    if (!random.isTrue(REFUNDED) || !canBePaidBack(sale, year)) {
      return [delivered(sale, year)];
    }
    back.push(sale.number);
    return [delivered(sale, year), refund(sale)];
  };
  const attempt = trial(shop, year);
  const steps: Step[] = quarters.flatMap((quarter, i) => [
    { upload: [...quarter.map(paid), ...(i === 3 ? [attempt] : [])] },
    { upload: quarter.flatMap(fate) },
  ]);
  const [, second = [], , last = []] = quarters;
  const isUsual = ({ number }: Sale) => !gone.includes(number);
  const late = second.filter(isUsual).slice(0, CORRECTED);
  const mistaken = last.filter(isUsual).slice(0, WRONG);
  steps.push(
    { upload: late.map((sale) => corrected(sale, year)) },
    { upload: mistaken.map((sale) => wrong(sale, year)) },
    { undo: true },
    { delete: attempt.order_number },
  );
  return {
    steps,
    notable: {
      cancelled: gone[0] ?? '',
      refunded: `${back[0]}-R`,
      corrected: late[0]?.number ?? '',
      undone: mistaken[0]?.number ?? '',
      deleted: attempt.order_number,
    },
  };
}
