import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Session } from '../../../local/data-api/postgres/session.ts';
import { roomFor } from '../../../local/data-api/results/size.ts';
import { post } from './signed-request.ts';
import { expectRefusal, type StandIn, startStandIn, target, x } from './stand-in.ts';

const MIB = 1024 * 1024;
const TOO_LARGE = 'The result exceeds the size limit 1 MB.';

let standIn: StandIn;

beforeAll(async () => {
  standIn = await startStandIn();
});
afterAll(() => standIn.stop());

describe('a request', () => {
  const sized = (bytes: number) => {
    const empty = JSON.stringify({ ...target, sql: 'SELECT 1', parameters: [] });
    const body = empty.replace('[]', JSON.stringify(x({ stringValue: '' })));
    return body.replace('""', `"${'x'.repeat(bytes - body.length)}"`);
  };
  const send = (body: string) =>
    post({ endpoint: standIn.server.endpoint, path: '/Execute', body });

  it('of more than 4 MiB is refused, its headers counted', async () => {
    const refused = { status: 413, errorType: 'RequestEntityTooLargeException' };
    expect(await send(sized(4 * MIB - 100))).toMatchObject(refused);
    expect(await send(sized(8 * MIB))).toMatchObject(refused);
  });

  it('of a little less is answered', async () => {
    expect(await send(sized(4 * MIB - 1500))).toMatchObject({ status: 200 });
  });
});

describe('a result', () => {
  // Counted as one report measured it: 2 bytes a row, 4 a column, and the values' own; of these
  // the more of text and PostgreSQL's binary format.
  it.each([
    ['one row', `SELECT repeat('x', ${MIB - 5})`],
    ['many rows', `SELECT 1 FROM generate_series(1, ${Math.ceil(MIB / 10)})`],
    ['bytea', `SELECT decode(repeat('00', ${MIB / 2 - 3}), 'hex')`],
    ['uuids', `SELECT gen_random_uuid() FROM generate_series(1, ${Math.ceil(MIB / 42)})`],
    ['rows of nulls', `SELECT NULL FROM generate_series(1, ${Math.ceil(MIB / 6)})`],
    ['rows of nothing', `SELECT FROM generate_series(1, ${MIB / 2 + 1})`],
    ['text of several bytes a character', `SELECT repeat('é', ${MIB / 2})`],
    ['more than could be kept', "SELECT repeat('x', 1000000) FROM generate_series(1, 30)"],
  ])('of more than 1 MiB is refused: %s', (_what, sql) =>
    expectRefusal(standIn.execute(sql), 'UnsupportedResultException', TOO_LARGE));

  it.each([
    ['one row, wider than the documented 64 KB', `SELECT repeat('x', ${MIB - 6})`, 1],
    ['many rows', `SELECT 1 FROM generate_series(1, ${Math.floor(MIB / 10)})`, 104_857],
    ['bytea', `SELECT decode(repeat('00', ${MIB / 2 - 4}), 'hex')`, 1],
    ['uuids', `SELECT gen_random_uuid() FROM generate_series(1, ${Math.floor(MIB / 42)})`, 24_966],
  ])('of 1 MiB is answered: %s', async (_what, sql, rows) => {
    expect((await standIn.execute(sql)).records).toHaveLength(rows);
  });

  it('may be a JSON string of 10 MB, and no longer', async () => {
    const asJson = (length: number) =>
      standIn.execute(`SELECT repeat('x', ${length}) AS a`, [], { formatRecordsAs: 'JSON' });
    const { formattedRecords } = await asJson(10_000_000 - '[{"a":""}]'.length);
    expect(formattedRecords).toHaveLength(10_000_000);
    await expectRefusal(
      asJson(10_000_000),
      'UnsupportedResultException',
      'The formatted result exceeds the size limit 10 MB.',
    );
  });

  it.each([
    ['NONE', 'SELECT NULL AS a', MIB / 6],
    ['NONE', "SELECT '' AS a", MIB / 6],
    ['NONE', 'SELECT', MIB / 2],
    ['JSON', 'SELECT NULL AS a', 10_000_000 / 6],
  ] as const)('in the form %s keeps no more rows than could be answered: %s', async (form, select, most) => {
    const { host, port, user, password } = standIn.pg;
    const { database } = standIn;
    const session = await Session.open({
      ...{ host, port, database, username: user ?? '', password: password ?? '' },
    });
    const all = { text: `${select} FROM generate_series(1, ${2 * Math.ceil(most)})`, values: [] };
    const { rows, isTruncated } = await session.run(all, roomFor({ formatRecordsAs: form }));
    await session.close();
    expect(isTruncated).toBe(true);
    expect(rows.length).toBe(Math.floor(most));
  });

  it('that is too large for JSON is refused also when it is too much to keep', () =>
    expectRefusal(
      standIn.execute("SELECT repeat('x', 1000000) FROM generate_series(1, 30)", [], {
        formatRecordsAs: 'JSON',
      }),
      'UnsupportedResultException',
      'The formatted result exceeds the size limit 10 MB.',
    ));

  it('that is too large was computed all the same: its changes are committed', async () => {
    await standIn.pg.query('CREATE TABLE changed (id integer)');
    await expectRefusal(
      standIn.execute(`INSERT INTO changed VALUES (1) RETURNING repeat('x', ${MIB})`),
      'UnsupportedResultException',
      TOO_LARGE,
    );
    expect(await standIn.column('SELECT id FROM changed')).toEqual([1]);
  });
});
