import { createClient } from '../../../local/postgres/client.ts';
import type { Service } from '../../../local/service/service.ts';
import { ServiceError } from '../../service-error.ts';
import { DAY, NEXT_DAY } from './orders.ts';

/** What only a mistake or much time brings about, and what is mended or cleared away at night. */
const DAMAGES = [
  `UPDATE daily_order_stats SET orders_count = orders_count + 1 WHERE status = 'new'`,
  `DELETE FROM daily_order_stats WHERE status = 'paid'`,
  `INSERT INTO daily_order_stats (user_id, day, status, orders_count, total_revenue)
   SELECT id, '${DAY}', 'never', 1, 1 FROM users`,
  `DELETE FROM order_items WHERE line_no = 1`,
  `UPDATE order_versions SET replaced_at = replaced_at - interval '10 years'`,
  `INSERT INTO uploads (id, user_id, key_id, request_id, orders_count, items_count)
   SELECT uuidv7(interval '-10 years'), min(id), '-', '-', 1, 1 FROM users`,
  `INSERT INTO nightly_runs (id, kind, period_from, period_to, status, started_at)
   SELECT gen_random_uuid(), 'night', '${DAY}', '${NEXT_DAY}', 'running', now() - interval '2 days'`,
];

/** The nightly job: of nights that fail at a part, and find much, and of days by hand. */
export async function runNights(service: Service): Promise<void> {
  const night = { scheduled_time: `${NEXT_DAY}T00:15:00Z` };
  await asOwner(service, [
    'ALTER TABLE proved_days ADD CONSTRAINT fails CHECK (items_proved_at IS NULL)',
  ]);
  await runNight(service, night);
  await asOwner(service, ['ALTER TABLE proved_days DROP CONSTRAINT fails', ...DAMAGES]);
  await runNight(service, night);
  await runNight(service, { from: DAY, to: NEXT_DAY });
}

async function asOwner(
  { endpoints: { postgres } }: Service,
  statements: readonly string[],
): Promise<void> {
  const owner = createClient(postgres);
  await owner.connect();
  try {
    for (const statement of statements) await owner.query(statement);
  } finally {
    await owner.end();
  }
}

async function runNight({ app, invoke }: Service, event: object): Promise<void> {
  const nightly = app.functions.find(
    ({ environment }) => environment.POWERTOOLS_SERVICE_NAME === 'nightly',
  );
  if (!nightly) throw new ServiceError('There is no nightly function.');
  const ran = await invoke(nightly, event);
  if (!ran.ok) throw new ServiceError(`The nightly function failed: ${ran.error.errorMessage}`);
}
