import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forPeople } from '../../../cli/for-people.ts';
import type { KeysCommand } from '../../../cli/keys/arguments.ts';
import { runKeys } from '../../../cli/keys/run.ts';
import { withWhatMayBe } from '../../../cli/keys/unheard.ts';
import { type Listening, listenOnLoopback } from '../../../local/aws/loopback.ts';

const CREATE = { name: 'create', user: "tea's" } as const;
const ROTATE = { name: 'rotate', id: 'abcdefghijkl', isPasted: false } as const;

describe('a command about a key', () => {
  /** The status of a refusal, or the body of a success; the connection is ended without. */
  let answered: number | string | undefined;
  /** The body of a refusal. @default a problem */
  let refusedBy: string | undefined;
  let service: Listening;
  beforeAll(async () => {
    const http = createServer((request, response) => {
      if (answered === undefined) return request.socket.destroy();
      if (typeof answered === 'string') return response.end(answered);
      response.statusCode = answered;
      response.end(refusedBy ?? JSON.stringify({ detail: 'So it is.' }));
    });
    service = await listenOnLoopback(http, 0);
  });
  afterAll(() => service[Symbol.asyncDispose]());

  async function failure(command: KeysCommand, origin = service.endpoint): Promise<string> {
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const target = { title: 'test', origin, region: 'us-east-1', credentials };
    const error = await runKeys(target, command).catch((failed) =>
      withWhatMayBe(failed, { command, of: { stage: 'dev' } }),
    );
    return String(forPeople(error));
  }

  it.each([503, undefined])('says what may be when it is answered %s', async (status) => {
    answered = status;
    const [made, rotated] = [await failure(CREATE), await failure(ROTATE)];
    expect(made).toMatch(status === 503 ? /^503 So it is\.\n/ : /^Nothing answers at /);
    expect(made).toMatch(/made all the same, .*: then revoke it\. Look before you try again:\n/);
    expect(made).toContain(`npm run keys -- list 'tea'\\''s' --stage dev`);
    expect(rotated).toContain('replaced all the same');
    expect(rotated.split('\n').at(-1)).toBe('npm run keys -- list --stage dev');
    expect(await failure({ ...ROTATE, name: 'revoke' })).not.toContain('\n');
  });

  it.each([
    '',
    '<html>Welcome!</html>',
    'null',
    '{}',
    '{"key":"oa_live_abcdefghijkl_secret"',
    '{"key":"oa_live_abcdefghijkl_secret","id":"abcdefghijkl"}',
  ])('says so, too, when it is answered as the service does not: %s', async (body) => {
    answered = body;
    for (const command of [CREATE, ROTATE]) {
      const [what, mayBe] = (await failure(command)).split('\n');
      expect(what).toBe(
        `What answers at ${service.endpoint} (200) does not answer as this service does: look for a proxy or a sign-in page on the way, or for another version of it.`,
      );
      expect(mayBe).toMatch(/ all the same, .* Look before you try again:$/);
    }
    for (const command of [{ name: 'list' }, { ...ROTATE, name: 'revoke' }] as const) {
      expect(await failure(command)).toMatch(/^What answers at .* does not answer as [^\n]*\.$/);
    }
  });

  it.each([
    ['', '502 without a word'],
    ['<html>\n<h1>Bad gateway</h1>\n</html>', '502 with a page instead of a reason'],
    ['null', '502 null'],
    ['Upstream broken.\nAsk somebody.', '502 Upstream broken.'],
  ])('says in a line that it is refused without a reason: %j', async (body, says) => {
    answered = 502;
    refusedBy = body;
    const [what] = (await failure(CREATE)).split('\n');
    refusedBy = undefined;
    expect(what).toBe(says);
  });

  it('says nothing of that when it was refused, or nobody was there', async () => {
    answered = 409;
    expect(await failure(CREATE)).toBe('409 So it is.');
    await using gone = await listenOnLoopback(createServer(), 0);
    await gone[Symbol.asyncDispose]();
    expect(await failure(CREATE, gone.endpoint)).toMatch(/^Nothing answers at .*ECONNREFUSED\)\.$/);
  });
});
