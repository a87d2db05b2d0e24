import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { AmendRequest } from '../../../db/amend/receipt.ts';
import { changesOf, tryingAgain, undone } from '../../helpers/changes.ts';
import { useEmptyDatabase } from '../../helpers/database.ts';
import { order, orders, rollUpDifferences } from '../../helpers/orders.ts';

const test = useEmptyDatabase();
const seller = () => changesOf(test);
const REQUEST: AmendRequest = { keyId: 'key', requestId: 'request' };
const keyed = (idempotencyKey: string, digit = 'A'): AmendRequest => ({
  ...REQUEST,
  requestId: randomUUID(),
  idempotencyKey,
  bodySha256: `${digit.repeat(43)}=`,
});
const receiptsCount = async () => (await test.pg.query('SELECT FROM uploads')).rowCount;

/** An order that one upload creates and two others change. */
async function changedTwice() {
  const ids: (string | null)[] = [];
  const states: unknown[] = [await seller().stored()];
  for (const status of ['one', 'two', 'three']) {
    const { upload_id } = await seller().upload(
      order({ order_number: 'o', status }),
      order({ order_number: `with ${status}` }),
    );
    ids.push(upload_id);
    states.push(await seller().stored());
  }
  return { ids, states };
}

describe('undoUpload of what others have changed since', () => {
  it('leaves that alone and names it', async () => {
    const { ids } = await changedTwice();
    expect(await seller().undo(ids[1]!)).toMatchObject(
      undone({ orders_removed: 1, orders_left_alone: 1, left_alone: ['o'] }),
    );
    expect(await seller().stored()).toMatchObject([
      { order_number: 'o', status: 'three' },
      { order_number: 'with one' },
      { order_number: 'with three' },
    ]);
  });

  it('does nothing at all when it is to refuse that', async () => {
    const { ids, states } = await changedTwice();
    await expect(seller().undo(ids[0]!, REQUEST, { refusesConflicts: true })).rejects.toMatchObject(
      { name: 'OrdersChangedSinceError', orderNumbers: ['o'], count: 1 },
    );
    expect(await seller().stored()).toEqual(states[3]);
    expect(await receiptsCount()).toBe(3);
    expect(await seller().undo(ids[2]!, REQUEST, { refusesConflicts: true })).toMatchObject(
      undone({ orders_restored: 1, orders_removed: 1 }),
    );
  });

  it('leaves alone what was deleted since, or created and deleted', async () => {
    const { ids } = await changedTwice();
    await seller().remove(['o', 'with one', 'with three']);
    expect(await seller().undo(ids[2]!)).toMatchObject(
      undone({ orders_left_alone: 2, left_alone: ['o', 'with three'], upload_id: null }),
    );
    expect(await seller().undo(ids[0]!)).toMatchObject(
      undone({ orders_left_alone: 2, left_alone: ['o', 'with one'], upload_id: null }),
    );
  });

  it('leaves alone what was changed and changed back, since somebody has said so', async () => {
    await seller().upload(order({ order_number: 'o', status: 'new' }));
    const { upload_id } = await seller().upload(order({ order_number: 'o', status: 'paid' }));
    await seller().upload(order({ order_number: 'o', status: 'sent' }));
    await seller().upload(order({ order_number: 'o', status: 'paid' }));
    expect(await seller().undo(upload_id)).toMatchObject({ orders_left_alone: 1 });
    expect(await seller().stored()).toMatchObject([{ status: 'paid' }]);
  });

  it('names the first hundred by number, and counts all', async () => {
    const { upload_id } = await seller().upload(...orders(120, 'o'));
    await seller().upload(...orders(120, 'o', { status: 'paid' }));
    const outcome = await seller().undo(upload_id);
    expect(outcome.orders_left_alone).toBe(120);
    expect(outcome.left_alone).toEqual(
      orders(120, 'o')
        .map(({ order_number }) => order_number)
        .sort()
        .slice(0, 100),
    );
  });
});

describe('undoUpload one after the other', () => {
  it('takes uploads back from the latest to the first, and brings them back again', async () => {
    const { ids, states } = await changedTwice();
    const undoings: (string | null)[] = [];
    for (const n of [2, 1, 0]) {
      const { upload_id, orders_left_alone } = await seller().undo(ids[n]!);
      expect(orders_left_alone).toBe(0);
      undoings.push(upload_id);
      expect(await seller().stored()).toEqual(states[n]);
    }
    for (const n of [2, 1, 0]) {
      expect(await seller().undo(undoings[n]!)).toMatchObject({ orders_left_alone: 0 });
      expect(await seller().stored()).toEqual(states[3 - n]);
      expect(await rollUpDifferences(test.pg)).toEqual([]);
    }
    expect(await seller().undo(ids[2]!)).toMatchObject({ orders_left_alone: 0 });
    expect(await seller().stored()).toEqual(states[2]);
  });

  it('finds nothing the second time, and writes nothing then', async () => {
    const { ids, states } = await changedTwice();
    await seller().undo(ids[2]!);
    expect(await seller().undo(ids[2]!)).toEqual({
      ...undone({ orders_left_alone: 2, left_alone: ['o', 'with three'] }),
      upload_id: null,
      is_replay: false,
    });
    expect(await receiptsCount()).toBe(4);
    expect(await seller().stored()).toEqual(states[2]);
  });

  it('deletes again what an undone deletion has brought back, and so on', async () => {
    await seller().upload(...orders(2, 'o'));
    const stored = await seller().stored();
    let { upload_id } = await seller().remove(['o0', 'o1']);
    const deletion = upload_id;
    for (const is of [stored, [], stored, []]) {
      ({ upload_id } = await seller().undo(upload_id));
      expect(await seller().stored()).toEqual(is);
      expect(await rollUpDifferences(test.pg)).toEqual([]);
    }
    // They are deleted as the deletion has left them.
    expect(await seller().undo(deletion)).toMatchObject(undone({ orders_recreated: 2 }));
    expect(await seller().stored()).toEqual(stored);
  });
});

describe('undoUpload of what is as it was left before something that was undone', () => {
  const o = (status: string) => order({ order_number: 'o', status });

  it('brings back what was deleted, brought back, changed, and all of that undone', async () => {
    await seller().upload(o('first'));
    const deletion = await seller().remove(['o']);
    const again = await seller().undo(deletion.upload_id);
    const change = await seller().upload(o('second'));
    await seller().undo(change.upload_id);
    await seller().undo(again.upload_id);
    expect(await seller().stored()).toEqual([]);
    expect(await seller().undo(deletion.upload_id)).toMatchObject(undone({ orders_recreated: 1 }));
    expect(await seller().stored()).toEqual([o('first')]);
  });

  it('does not bring back what its upload has created, once that is undone', async () => {
    const creation = await seller().upload(o('first'));
    const deletion = await seller().remove(['o']);
    await seller().undo(deletion.upload_id);
    const gone = await seller().undo(creation.upload_id);
    expect(gone).toMatchObject(undone({ orders_removed: 1 }));
    expect(await seller().undo(deletion.upload_id)).toMatchObject({ orders_left_alone: 1 });
    expect(await seller().undo(gone.upload_id)).toMatchObject(undone({ orders_recreated: 1 }));
    expect(await seller().stored()).toEqual([o('first')]);
  });
});

describe('undoUpload of what is not there', () => {
  it('finds no upload of another seller, and none that there never was', async () => {
    await seller().upload(order({ order_number: 'mine' }));
    const { upload_id } = await changesOf(test, 'other').upload(order({ order_number: 'theirs' }));
    for (const id of [upload_id, '019aa2b4-6f0e-7c51-9d0a-3f1b2c4d5e6f']) {
      await expect(seller().undo(id)).rejects.toMatchObject({ name: 'UploadNotFoundError' });
    }
    expect(await changesOf(test, 'other').stored()).toHaveLength(1);
  });

  it('refuses an upload of which a version was deleted, because it is old', async () => {
    const { ids, states } = await changedTwice();
    const prune = (condition: string, id: unknown) =>
      test.pg.query(
        `DELETE FROM order_versions WHERE ${condition} = (SELECT xid FROM uploads WHERE id = $1)`,
        [id],
      );
    await prune('replaced_xid', ids[2]);
    await expect(seller().undo(ids[2]!)).rejects.toMatchObject({ name: 'UploadTooOldError' });
    expect(await seller().stored()).toEqual(states[3]);
    // What it has created and was changed since could only be counted, and not named.
    await prune('changed_xid', ids[0]);
    await expect(seller().undo(ids[0]!)).rejects.toMatchObject({ name: 'UploadTooOldError' });
    expect(await seller().stored()).toEqual(states[3]);
  });
});

describe('undoUpload with an Idempotency-Key', () => {
  it('answers again what it has answered, also when it could be done again', async () => {
    const { ids } = await changedTwice();
    const first = await seller().undo(ids[1]!, keyed('k'));
    expect(first.left_alone).toEqual(['o']);
    await seller().undo(first.upload_id);
    expect(await seller().undo(ids[1]!, keyed('k'))).toEqual({ ...first, is_replay: true });
    await expect(seller().undo(ids[2]!, keyed('k', 'B'))).rejects.toMatchObject({
      name: 'IdempotencyKeyReusedError',
    });
  });

  it('undoes once when it comes eight times at the same moment', async () => {
    const { ids, states } = await changedTwice();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => tryingAgain(() => seller().undo(ids[2]!, keyed('k')))),
    );
    expect(new Set(answers.map(({ upload_id }) => upload_id)).size).toBe(1);
    expect(answers).toMatchObject(Array(8).fill({ orders_restored: 1, orders_removed: 1 }));
    expect(await seller().stored()).toEqual(states[2]);
  });
});

describe('undoUpload tried again', () => {
  it('says what its first try has done, though nothing is as it was', async () => {
    const { ids } = await changedTwice();
    const options = { refusesConflicts: true };
    const first = await seller().undo(ids[2]!, REQUEST, options);
    const again = { ...REQUEST, isTriedAgain: true };
    expect(await seller().undo(ids[2]!, again, options)).toEqual(first);
  });
});
