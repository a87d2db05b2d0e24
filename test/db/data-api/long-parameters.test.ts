import { RDSData, type SqlParameter } from '@aws-sdk/client-rds-data';
import { describe, expect, it } from 'vitest';
import { writeLongParameters } from '../../../db/data-api/long-parameters.ts';

interface Sent {
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

/** A client that keeps what it would send. */
function keeping(): { readonly client: RDSData; readonly sent: Sent[] } {
  const sent: Sent[] = [];
  const client = new RDSData({
    endpoint: 'http://127.0.0.1:1',
    region: 'eu-central-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  client.middlewareStack.add(
    () => async (args) => {
      sent.push(args.request as Sent);
      return { output: { $metadata: {} }, response: undefined };
    },
    { step: 'finalizeRequest', name: 'keep' },
  );
  return { client, sent };
}

async function send(parameters: SqlParameter[] | undefined) {
  const [ours, theirs] = [keeping(), keeping()];
  writeLongParameters(ours.client);
  for (const { client } of [ours, theirs]) {
    const sql = 'SELECT \'é\', "}"';
    const statement = { resourceArn: 'cluster', secretArn: 'secret', database: 'db', sql };
    await client.executeStatement({ ...statement, ...(parameters && { parameters }) });
  }
  return { ours: ours.sent[0]!, theirs: theirs.sent[0]! };
}

/** Not by `Buffer.from`, of which the SDK's bodies warn. */
const textOf = ({ body }: Sent) => new TextDecoder().decode(body);
const read = (sent: Sent): unknown => JSON.parse(textOf(sent));

const LONG = 'Чай "зелёный", \\ 🍵 €\u0000\n\u2028'.repeat(1_000);

describe('writeLongParameters', () => {
  it.each<[string, SqlParameter[]]>([
    ['one long text', [{ name: 'a', value: { stringValue: LONG } }]],
    ['half of a pair', [{ name: 'a', value: { stringValue: `${LONG}\ud83d` } }]],
    [
      'what stands beside them',
      [
        { name: 'a', value: { stringValue: LONG } },
        { name: 'b', value: { longValue: 1_764_000_000_000 } },
        { name: 'c', value: { doubleValue: 0.1 } },
        { name: 'd', value: { booleanValue: false } },
        { name: 'e', value: { isNull: true }, typeHint: 'UUID' },
        { name: 'f', value: { stringValue: '' } },
        { name: 'g', value: { arrayValue: { longValues: [1, 2] } } },
      ],
    ],
    [
      'more than was ever written before',
      Array.from({ length: 40 }, (_, i) => ({ name: `${i}`, value: { stringValue: LONG } })),
    ],
  ])('says what the SDK would of %s, in as many bytes as the header has', async (_, parameters) => {
    const { ours, theirs } = await send(parameters);
    expect(read(ours)).toEqual(read(theirs));
    expect(ours.headers['content-length']).toBe(String(ours.body.length));
  });

  it.each<[string, SqlParameter[] | undefined]>([
    ['none', undefined],
    ['few', [{ name: 'a', value: { stringValue: 'Чай' } }]],
    [
      'bytes',
      [
        { name: 'a', value: { stringValue: LONG } },
        { name: 'b', value: { blobValue: Buffer.from('é') } },
      ],
    ],
    [
      'no number of JSON',
      [
        { name: 'a', value: { stringValue: LONG } },
        { name: 'b', value: { doubleValue: Number.NaN } },
      ],
    ],
  ])('leaves %s to the SDK', async (_, parameters) => {
    const { ours, theirs } = await send(parameters);
    expect(textOf(ours)).toBe(textOf(theirs));
  });

  it('keeps the calls of one client apart', async () => {
    const { client, sent } = keeping();
    writeLongParameters(client);
    const texts = ['a', 'b', 'c'].map((letter) => letter.repeat(20_000));
    await Promise.all(
      texts.map((stringValue) =>
        client.executeStatement({
          ...{ resourceArn: 'cluster', secretArn: 'secret', sql: 'SELECT :a' },
          parameters: [{ name: 'a', value: { stringValue } }],
        }),
      ),
    );
    const bodies = sent.map(textOf);
    expect(texts.filter((text) => bodies.some((body) => body.includes(text)))).toEqual(texts);
  });
});
