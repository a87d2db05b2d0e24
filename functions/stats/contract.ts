import { AMOUNT, COUNT, DAY, TEXT } from '../shared/contract/fields.ts';
import { arrayOf, objectOf, oneOf, orNull } from '../shared/contract/json-schema.ts';
import { PERIOD, PERIOD_CODES, QUERY_CODES, STATUS, USER } from '../shared/contract/parameters.ts';
import type { RouteContract } from '../shared/contract/route-contract.ts';
import { MAX_BUCKETS } from './buckets.ts';
import { GRANULARITIES } from './input.ts';

const FIGURES = { orders_count: COUNT, total_revenue: AMOUNT, avg_order_value: AMOUNT };
const TO = { type: 'string', pattern: String.raw`^\d{4,5}-\d\d-\d\d$` } as const;

export const STATS_CONTRACT = {
  'GET /api/orders/stats': {
    id: 'getStats',
    summary: "A seller's totals as of now",
    section: 'GET /api/orders/stats?user=test_seller',
    parameters: [USER, ...PERIOD, STATUS],
    answer: objectOf({ user: TEXT, ...FIGURES }),
    problems: { 400: [...QUERY_CODES, ...PERIOD_CODES], 404: [] },
  },
  'GET /api/orders/stats/daily': {
    id: 'getDailyStats',
    summary: 'The same figures by day, week or month',
    section: 'GET /api/orders/stats/daily?user=test_seller&from=2025-11-11&to=2025-11-13',
    parameters: [
      USER,
      ...PERIOD,
      STATUS,
      {
        name: 'granularity',
        in: 'query',
        description: `What the figures are by; an answer has at most ${MAX_BUCKETS} of them.`,
        schema: { ...oneOf(GRANULARITIES), default: 'day' },
      },
    ],
    answer: objectOf(
      {
        user: TEXT,
        from: orNull(DAY),
        to: orNull(TO),
        days: arrayOf(
          objectOf(
            {
              date: DAY,
              ...FIGURES,
              partial: {
                const: true,
                description: 'There where the period leaves out some days of a week or month.',
              },
            },
            ['partial'],
          ),
          { maxItems: MAX_BUCKETS },
        ),
        later: {
          ...objectOf({ from: DAY, to: TO, ...FIGURES }),
          description: 'Orders dated after a period without a to; only where there are some.',
        },
      },
      ['later'],
    ),
    problems: {
      400: [...QUERY_CODES, ...PERIOD_CODES, 'invalid_choice', 'too_many_buckets'],
      404: [],
    },
  },
} as const satisfies Readonly<Record<string, RouteContract>>;
