import { findNightlyFunction } from '../cli/nightly/service.ts';
import { targetOf } from '../cli/target/local.ts';
import { signedRequest } from '../cli/target/signed-request.ts';
import { answered } from './answered.ts';
import { changedOrders, newOrders } from './orders.ts';
import { SELLERS, type Side } from './upload-side.ts';

/** What is measured on a small database and on a grown one. */
export interface Way {
  readonly name: string;
  /** How many times as long it may take on the largest as on the small one. */
  readonly allowed: number;
  /** Whether it leaves something, so that it cannot be done again and again. */
  readonly writes: boolean;
  /** What it prepares is not timed. */
  prepare(side: GrowingSide): Promise<Prepared>;
}

export interface Prepared {
  /** Does it once. */
  readonly once: () => Promise<unknown>;
  /** Of how many units its time is. @default 1 */
  readonly units?: number;
}

/** A service whose database gets more orders from size to size. */
export interface GrowingSide extends Side {
  readonly dataDir: string;
  /** The headers of the largest seller's key, who has a tenth of all orders. */
  readonly headers: Readonly<Record<string, string>>;
  /** From a UTC day up to another, which is not in it. */
  countOrders(from: string, to: string): Promise<number>;
}

const [LARGEST = ''] = SELLERS;
const UPLOADED = 1_000;

/** @param year one of which every day has orders */
export function ways(year: number): Way[] {
  const month = `from=${year}-06-01&to=${year}-06-30`;
  return [
    ...uploads(),
    read('stats', `/api/orders/stats?user=${LARGEST}`),
    read('stats of a month', `/api/orders/stats?user=${LARGEST}&${month}`),
    read(
      'stats/daily of a year',
      `/api/orders/stats/daily?user=${LARGEST}&from=${year}-01-01&to=${year}-12-31`,
    ),
    read('a page of 100 orders', `/api/orders?user=${LARGEST}&limit=100`),
    read('a page of 100 changes', `/api/orders/changes?user=${LARGEST}&limit=100`),
    page('overview', '/admin'),
    page('sellers', '/admin/sellers'),
    page('a seller', `/admin/sellers/${LARGEST}`),
    page('uploads', '/admin/uploads'),
    page('orders', '/admin/orders'),
    page('orders of a month', '/admin/orders', month),
    page('orders, highest', '/admin/orders', 'sort=highest'),
    page('orders of a rare status', '/admin/orders', 'status=returned'),
    page('orders of a seller', '/admin/orders', `seller=${LARGEST}`),
    page('orders with a SKU', '/admin/orders', 'q=sku-19777'),
    page('runs', '/admin/runs'),
    nightlyDay(`${year}-06-15`, `${year}-06-16`),
  ];
}

/** Of one kind after the other, so that each has its orders. */
function uploads(): Way[] {
  const sent = new Map<GrowingSide, ReturnType<typeof newOrders>>();
  const upload = (
    kind: string,
    ordersOf: (side: GrowingSide) => ReturnType<typeof newOrders>,
  ): Way => ({
    name: `upload of ${UPLOADED.toLocaleString('en-US')} ${kind}`,
    allowed: 1.3,
    writes: true,
    prepare: async (side) => ({ once: await side.http.prepare(LARGEST, ordersOf(side)) }),
  });
  return [
    upload('new', (side) => {
      sent.set(side, newOrders(UPLOADED));
      return sent.get(side) ?? [];
    }),
    upload('identical', (side) => sent.get(side) ?? []),
    upload('changed', (side) => changedOrders(sent.get(side) ?? [])),
  ];
}

const READ = { allowed: 1.2, writes: false };

function read(name: string, path: string): Way {
  return {
    ...READ,
    name,
    prepare: async ({ endpoints, headers }) => ({
      once: () => answered(fetch(endpoints.api + path, { headers })),
    }),
  };
}

function page(name: string, path: string, query = ''): Way {
  return {
    ...READ,
    name: `admin: ${name}`,
    prepare: async ({ endpoints, dataDir }) => {
      const target = targetOf(endpoints, dataDir);
      const request = { method: 'GET', path, query: new URLSearchParams(query) } as const;
      return { once: () => answered(signedRequest(target, request)) };
    },
  };
}

/** A day, which has more orders where there are more: for a thousand of them. */
function nightlyDay(from: string, to: string): Way {
  return {
    ...READ,
    name: 'nightly job, for 1,000 orders of a day',
    async prepare({ dataDir, countOrders }) {
      const nightly = await findNightlyFunction(dataDir, () => {}, new AbortController().signal);
      const once = async () => {
        const computed = await nightly.invoke({ from, to });
        if (!computed.ok) throw new Error(computed.error.errorMessage);
      };
      return { once, units: (await countOrders(from, to)) / 1_000 };
    },
  };
}
