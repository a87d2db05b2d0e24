import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post, read } from './signed-request.ts';
import { expectRefusal, type StandIn, startStandIn, target, x } from './stand-in.ts';

let standIn: StandIn;

beforeAll(async () => {
  standIn = await startStandIn();
});
afterAll(() => standIn.stop());

const send = (body: string | Uint8Array, path = '/Execute') =>
  post({ endpoint: standIn.server.endpoint, path, body });
const sendMembers = (members: object, path?: string) =>
  send(JSON.stringify({ ...target, sql: 'SELECT 1', ...members }), path);

describe('a request', () => {
  it.each(['/ExecuteSql', '/', '/Execute?x=1'])('to %s is for no operation', async (path) => {
    expect(await sendMembers({}, path)).toMatchObject({
      ...{ status: 404, errorType: 'UnknownOperationException' },
    });
  });

  it('by GET is for no operation', async () => {
    const answer = await read(await fetch(`${standIn.server.endpoint}/Execute`));
    expect(answer).toMatchObject({ status: 404, errorType: 'UnknownOperationException' });
  });

  it.each<[string, string | Uint8Array]>([
    ['no JSON', '{'],
    ['no text', new Uint8Array([0x22, 0xff, 0x22])],
    ['a list', '[]'],
    ['null', 'null'],
    ['nothing', ''],
    ...[
      '00012',
      '-01',
      '0000000000000012',
      '-0000000000000012',
      '1.',
      '.5',
      '+1',
      '1e',
      '0x10',
      'NaN',
    ].map((number): [string, string] => [
      `a number such as ${number}`,
      `{"parameters":[{"name":"x","value":{"longValue":${number}}}]}`,
    ]),
    ['half a surrogate pair', String.raw`{"sql":"SELECT '\ud83d'"}`],
  ])('whose body is %s cannot be read', async (_what, body) => {
    expect(await send(body)).toMatchObject({ status: 400, errorType: 'SerializationException' });
  });

  it.each([
    [{ sql: 1 }, 'NUMBER_VALUE can not be converted to String'],
    [{ sql: ['SELECT 1'] }, 'START_ARRAY can not be converted to String'],
    [{ parameters: 'x' }, 'STRING_VALUE can not be converted to List'],
    [{ parameters: [1] }, 'NUMBER_VALUE can not be converted to Structure'],
    [{ resultSetOptions: true }, 'BOOLEAN_VALUE can not be converted to Structure'],
    [{ includeResultMetadata: 'true' }, 'STRING_VALUE can not be converted to Boolean'],
  ])('with a member of another type cannot be read: %o', async (members, message) => {
    const { status, errorType, text } = await sendMembers(members);
    expect({ status, errorType }).toEqual({ status: 400, errorType: 'SerializationException' });
    expect(JSON.parse(text)).toEqual({ message });
  });

  it('is told all that it lacks at once', () =>
    expectRefusal(
      sendForError({ resourceArn: null, secretArn: 'short', sql: undefined }),
      'ValidationException',
      "3 validation errors detected: Value null at 'resourceArn' failed to satisfy constraint: Member " +
        "must not be null; Value 'short' at 'secretArn' failed to satisfy constraint: Member must have " +
        "length greater than or equal to 11; Value null at 'sql' failed to satisfy constraint: Member " +
        'must not be null',
    ));

  it.each([
    ['resourceArn', 100],
    ['secretArn', 100],
    ['database', 64],
    ['transactionId', 192],
    ['sql', 65_536],
  ])('is refused with a %s of more than %i characters', (member, max) =>
    expectRefusal(
      sendForError({ [member]: 'x'.repeat(max + 1) }),
      'ValidationException',
      new RegExp(
        `^1 validation error detected: Value 'x+' at '${member}' failed to satisfy constraint: ` +
          `Member must have length less than or equal to ${max}$`,
      ),
    ));

  it('may have SQL of 65,536 characters', async () => {
    const sql = `SELECT 1 --${'x'.repeat(65_525)}`;
    expect(await sendMembers({ sql })).toMatchObject({ status: 200 });
  });

  it.each([
    ['formatRecordsAs', { formatRecordsAs: 'CSV' }, 'NONE, JSON'],
    [
      'resultSetOptions.longReturnType',
      { resultSetOptions: { longReturnType: 'DOUBLE' } },
      'LONG, STRING',
    ],
    [
      'resultSetOptions.decimalReturnType',
      { resultSetOptions: { decimalReturnType: 'LONG' } },
      'STRING, DOUBLE_OR_LONG',
    ],
  ])('is refused with another word for %s', (path, members, words) =>
    expectRefusal(
      sendForError(members),
      'ValidationException',
      new RegExp(
        `Value '\\w+' at '${path}' failed to satisfy constraint: Member must satisfy enum value set: \\[${words}\\]$`,
      ),
    ));

  it('may have members that are null or that nobody knows', async () => {
    const answer = await sendMembers({ database: null, parameters: null, whatever: [1] });
    expect(JSON.parse(answer.text)).toEqual({
      records: [[{ longValue: 1 }]],
      numberOfRecordsUpdated: 0,
    });
  });

  /** Throws as a client would, for members that AWS's own client would not send. */
  async function sendForError(members: object): Promise<void> {
    const { errorType, text } = await sendMembers(members);
    throw Object.assign(new Error(JSON.parse(text).message), { name: errorType });
  }
});

describe('a long of 64 bits', () => {
  it.each([
    '-9223372036854775808',
    '9223372036854775807',
    '9007199254740993',
  ])('keeps all its digits both ways: %s', async (digits) => {
    const { text } = await send(
      JSON.stringify({
        ...target,
        sql: 'SELECT :x, :x::text, ARRAY[:x]',
        parameters: [{ name: 'x', value: { longValue: 0 } }],
      }).replace('"longValue":0', `"longValue": ${digits}`),
    );
    expect(text).toBe(
      `{"records":[[{"longValue":${digits}},{"stringValue":"${digits}"},` +
        `{"arrayValue":{"longValues":[${digits}]}}]],"numberOfRecordsUpdated":0}`,
    );
  });

  it.each([
    '1.0',
    '1e3',
    '9223372036854775808',
    '-1e999',
    '"1"',
    String.raw`"\u00001"`,
  ])('is not said by %s', async (value) => {
    const body = JSON.stringify({
      ...target,
      sql: 'SELECT :x',
      parameters: [{ name: 'x', value: { longValue: 0 } }],
    }).replace('"longValue":0', `"longValue":${value}`);
    expect(await send(body)).toMatchObject({
      status: 400,
      errorType: 'SerializationException',
      text: '{"message":"The value of parameter \\"x\\" can not be converted to Long"}',
    });
  });

  it('is not looked for inside text', async () => {
    const text = '"longValue": 12345678901234567890';
    const { records } = await standIn.execute('SELECT :x', x({ stringValue: text }));
    expect(records).toEqual([[{ stringValue: text }]]);
  });
});

describe('an error', () => {
  it('has its name in a header and its text in the body', async () => {
    const answer = await sendMembers({ sql: 'SELECT nothing' });
    expect(answer).toEqual({
      status: 400,
      errorType: 'DatabaseErrorException',
      text: '{"message":"ERROR: column \\"nothing\\" does not exist; Position: 8; SQLState: 42703"}',
    });
  });

  it('that the service does not model still has its name in the client', async () => {
    const failure = await standIn.execute('SELECT 1; SELECT 2').catch((error) => error);
    expect(failure).toMatchObject({
      name: 'ValidationException',
      $metadata: { httpStatusCode: 400, requestId: expect.stringMatching(/^[\da-f-]{36}$/) },
    });
  });
});
