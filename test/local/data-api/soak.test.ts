import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CREATE_ACCOUNTS, totals, transfer } from '../../../fixtures/transfers.ts';
import { type StandIn, startStandIn, target } from './stand-in.ts';

const SESSIONS = 24;
const CALLERS = 48;
const TRANSFERS = 4; // of every caller

let standIn: StandIn;

beforeAll(async () => {
  standIn = await startStandIn({ maxSessions: SESSIONS });
  await standIn.pg.query(CREATE_ACCOUNTS);
});
afterAll(() => standIn.stop());

describe('more callers than sessions, each with one transaction after the other', () => {
  it('end with every transaction as it was told, and with no session lost or left busy', async () => {
    const address = { ...target, database: standIn.database };
    const client = standIn.connect({ requestHandler: { httpAgent: { maxSockets: CALLERS } } });
    const ends: string[] = [];
    const call = async (_: unknown, caller: number) => {
      for (let i = 0; i < TRANSFERS; i++)
        ends.push(await transfer(client, address, caller * TRANSFERS + i));
    };
    await Promise.all(Array.from({ length: CALLERS }, call));
    client.destroy();

    expect(ends).toHaveLength(CALLERS * TRANSFERS);
    const idle = Promise.all(Array.from({ length: SESSIONS }, () => standIn.execute('SELECT 1')));
    expect(await idle).toHaveLength(SESSIONS); // every session still serves
    expect(await totals(standIn.pg)).toEqual({
      amount: 100_000,
      transfers: ends.filter((end) => end === 'committed').length,
      sessions: SESSIONS,
      busy_sessions: 0,
    });
  });
});
