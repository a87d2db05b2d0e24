import { describe, expect, it } from 'vitest';
import { changesOf, tryingAgain, undone } from '../../helpers/changes.ts';
import { useEmptyDatabase } from '../../helpers/database.ts';
import { untilLockWaits } from '../../helpers/lock-waits.ts';
import { item, order, rollUpDifferences } from '../../helpers/orders.ts';
import { stopBefore } from '../../helpers/stop-point.ts';

const test = useEmptyDatabase();
const seller = () => changesOf(test);

/** Where a statement has looked at everything, and written and locked nothing. */
const STOPS = {
  upload: ['INSERT', 'orders'],
  deletion: ['DELETE', 'orders'],
  undoing: ['UPDATE', 'uploads'],
} as const;

/**
 * Begins `first`, stops it, does the whole of `second`, and lets it on.
 *
 * @returns what `first` came to, and with which SQLSTATEs it was tried before
 */
async function overtaken<T>(
  stopped: keyof typeof STOPS,
  first: () => Promise<T>,
  second: () => Promise<unknown>,
): Promise<{ outcome: T; states: unknown[] }> {
  const states: (string | undefined)[] = [];
  const [event, table] = STOPS[stopped];
  const stop = await stopBefore(test.url, event, table);
  const done = tryingAgain(first, states);
  await stop.reached();
  await second();
  await stop.letOn();
  const outcome = await done;
  expect(await rollUpDifferences(test.pg)).toEqual([]);
  return { outcome, states };
}

const o = (status: string, items = 1) =>
  order({
    order_number: 'o',
    status,
    items: Array.from({ length: items }, () => item({ sku: status })),
  });

/** What was kept of an order, the first version first. */
const kept = async () =>
  (
    await test.pg.query(
      `SELECT v.version, status, json_array_length(items) AS items, is_deletion
       FROM order_versions AS v JOIN users AS u ON u.id = user_id
       WHERE order_number = 'o' ORDER BY order_id, v.version`,
    )
  ).rows.map(({ version, status, items, is_deletion }) =>
    [version, status, items, is_deletion ? 'deleted' : 'replaced'].join(' '),
  );

const expectConflict = ({ states }: { states: unknown[] }) => expect(states).toEqual(['40001']);

describe('a deletion that is overtaken', () => {
  it('by an upload deletes what that has stored, and keeps it', async () => {
    await seller().upload(o('first', 2));
    const done = await overtaken(
      'deletion',
      () => seller().remove(['o']),
      () => seller().upload(o('second', 5)),
    );
    expectConflict(done);
    expect(done.outcome).toMatchObject({ orders_deleted: 1 });
    expect(await seller().stored()).toEqual([]);
    expect(await kept()).toEqual(['1 first 2 replaced', '2 second 5 deleted']);
  });

  it('by an upload of what it has not found deletes that, too', async () => {
    await seller().upload(order({ order_number: 'other' }));
    const done = await overtaken(
      'deletion',
      () => seller().remove(['other', 'o']),
      () => seller().upload(o('new')),
    );
    expectConflict(done);
    expect(done.outcome).toMatchObject({ orders_deleted: 2, not_found: [] });
    expect(await seller().stored()).toEqual([]);
  });

  it('by an upload of nothing that it has not found comes before that', async () => {
    await seller().upload(order({ order_number: 'other' }));
    const { outcome, states } = await overtaken(
      'deletion',
      () => seller().remove(['other', 'o']),
      () => changesOf(test, 'another').upload(o('new')),
    );
    expect(states).toEqual([]);
    expect(outcome).toMatchObject({ orders_deleted: 1, not_found: ['o'] });
  });

  it('by an upload that it waits for deletes what that leaves as it is and what it creates', async () => {
    const other = order({ order_number: 'other' });
    await seller().upload(other);
    const stop = await stopBefore(test.url, 'INSERT', 'order_items');
    const uploaded = seller().upload(other, o('new'));
    await stop.reached();
    const states: (string | undefined)[] = [];
    const removed = tryingAgain(() => seller().remove(['other', 'o']), states);
    await untilLockWaits(test.pg, 1);
    await stop.letOn();
    expect(await uploaded).toMatchObject({ orders_created: 1 });
    expect(await removed).toMatchObject({ orders_deleted: 2, not_found: [] });
    expect(states).toEqual(['40001']);
    expect(await seller().stored()).toEqual([]);
  });

  it('by another deletion finds nothing', async () => {
    await seller().upload(o('first'));
    const done = await overtaken(
      'deletion',
      () => seller().remove(['o']),
      () => seller().remove(['o']),
    );
    expectConflict(done);
    expect(done.outcome).toMatchObject({ orders_deleted: 0, not_found: ['o'], upload_id: null });
    expect(await kept()).toEqual(['1 first 1 deleted']);
  });

  it('by an undoing deletes what that has restored', async () => {
    await seller().upload(o('first', 3));
    const { upload_id } = await seller().upload(o('second'));
    const done = await overtaken(
      'deletion',
      () => seller().remove(['o']),
      () => seller().undo(upload_id),
    );
    expectConflict(done);
    expect(await seller().stored()).toEqual([]);
    expect(await kept()).toEqual([
      '1 first 3 replaced',
      '2 second 1 replaced',
      '3 first 3 deleted',
    ]);
  });
});

describe('an upload that is overtaken', () => {
  it('by a deletion creates the order anew', async () => {
    await seller().upload(o('first', 4));
    const done = await overtaken(
      'upload',
      () => seller().upload(o('second')),
      () => seller().remove(['o']),
    );
    expectConflict(done);
    expect(done.outcome).toMatchObject({ orders_created: 1, orders_updated: 0 });
    expect(await seller().stored()).toEqual([o('second')]);
    expect(await kept()).toEqual(['1 first 4 deleted']);
  });

  it('by an undoing is stored over what that has restored', async () => {
    await seller().upload(o('first', 4));
    const { upload_id } = await seller().upload(o('second'));
    const done = await overtaken(
      'upload',
      () => seller().upload(o('third', 2)),
      () => seller().undo(upload_id),
    );
    expectConflict(done);
    expect(await seller().stored()).toEqual([o('third', 2)]);
    expect((await kept()).at(-1)).toBe('3 first 4 replaced');
  });

  it('by an undone deletion updates what is there again', async () => {
    await seller().upload(o('first', 4));
    const { upload_id } = await seller().remove(['o']);
    const done = await overtaken(
      'upload',
      () => seller().upload(o('second', 2)),
      () => seller().undo(upload_id),
    );
    expectConflict(done);
    expect(done.outcome).toMatchObject({ orders_created: 0, orders_updated: 1 });
    expect(await seller().stored()).toEqual([o('second', 2)]);
    expect(await kept()).toEqual(['1 first 4 deleted', '2 first 4 replaced']);
  });
});

describe('an undoing that is overtaken', () => {
  const leftAlone = undone({ orders_left_alone: 1, left_alone: ['o'] });

  it.each([
    ['an upload of what it was to restore', () => seller().upload(o('third', 3)), 'third'],
    ['a deletion of what it was to restore', () => seller().remove(['o']), undefined],
  ])('by %s leaves that alone', async (_what, second, status) => {
    await seller().upload(o('first', 2));
    const { upload_id } = await seller().upload(o('second'));
    const done = await overtaken('undoing', () => seller().undo(upload_id), second);
    expectConflict(done);
    expect(done.outcome).toMatchObject(leftAlone);
    expect((await seller().stored()).map((stored) => stored.status).at(0)).toBe(status);
  });

  it.each([
    ['an upload of what it was to delete', () => seller().upload(o('second', 3)), 1],
    ['a deletion of what it was to delete', () => seller().remove(['o']), 0],
  ])('by %s leaves that alone', async (_what, second, count) => {
    const { upload_id } = await seller().upload(o('first', 2));
    const done = await overtaken('undoing', () => seller().undo(upload_id), second);
    expectConflict(done);
    expect(done.outcome).toMatchObject(leftAlone);
    expect(await seller().stored()).toHaveLength(count);
  });

  it.each([
    'seller',
    'other',
  ])('by an upload of %s, which takes the number, leaves that alone', async (user) => {
    await seller().upload(o('first', 2));
    const { upload_id } = await seller().remove(['o']);
    const done = await overtaken(
      'undoing',
      () => seller().undo(upload_id),
      () => changesOf(test, user).upload(o('taken')),
    );
    expectConflict(done);
    expect(done.outcome).toMatchObject(leftAlone);
    expect(await changesOf(test, user).stored()).toEqual([o('taken')]);
  });

  it.each([
    ['restores', async () => (await seller().upload(o('second', 2))).upload_id],
    ['creates again', async () => (await seller().remove(['o'])).upload_id],
  ])('by another one of what it %s finds nothing', async (_what, change) => {
    await seller().upload(o('first', 3));
    const upload_id = await change();
    const done = await overtaken(
      'undoing',
      () => seller().undo(upload_id),
      () => seller().undo(upload_id),
    );
    expectConflict(done);
    expect(done.outcome).toMatchObject({ ...leftAlone, upload_id: null });
    expect(await seller().stored()).toEqual([o('first', 3)]);
  });

  it('by another one and by a deletion leaves what is deleted deleted', async () => {
    await seller().upload(o('first', 3));
    const { upload_id } = await seller().remove(['o']);
    const done = await overtaken(
      'undoing',
      () => seller().undo(upload_id),
      async () => {
        await seller().undo(upload_id);
        await seller().remove(['o']);
      },
    );
    expectConflict(done);
    expect(done.outcome).toMatchObject(leftAlone);
    expect(await kept()).toEqual(['1 first 3 deleted', '2 first 3 deleted']);
  });

  it('by another one of the same chain and by a deletion leaves what is deleted deleted', async () => {
    await seller().upload(o('first', 3));
    const deletion = await seller().remove(['o']);
    const again = await seller().undo(deletion.upload_id);
    const gone = await seller().undo(again.upload_id);
    const done = await overtaken(
      'undoing',
      () => seller().undo(deletion.upload_id),
      async () => {
        await seller().undo(gone.upload_id);
        await seller().remove(['o']);
      },
    );
    expectConflict(done);
    expect(done.outcome).toMatchObject(leftAlone);
    expect(await kept()).toHaveLength(3);
  });
});
