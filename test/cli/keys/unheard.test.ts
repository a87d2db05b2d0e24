import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KeysCommand } from '../../../cli/keys/arguments.ts';
import { runKeys } from '../../../cli/keys/run.ts';
import { withWhatMayBe } from '../../../cli/keys/unheard.ts';
import { type Listening, listenOnLoopback } from '../../../local/aws/loopback.ts';

const CREATE = { name: 'create', user: "tea's" } as const;
const ROTATE = { name: 'rotate', id: 'abcdefghijkl', isPasted: false } as const;

describe('a command about a key', () => {
  /** What the service answers; it ends the connection without a status. */
  let answered: number | undefined;
  let service: Listening;
  beforeAll(async () => {
    const http = createServer((request, response) => {
      if (answered === undefined) return request.socket.destroy();
      response.statusCode = answered;
      response.end(JSON.stringify({ detail: 'So it is.' }));
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
    return (error as Error).message;
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

  it('says nothing of that when it was refused, or nobody was there', async () => {
    answered = 409;
    expect(await failure(CREATE)).toBe('409 So it is.');
    await using gone = await listenOnLoopback(createServer(), 0);
    await gone[Symbol.asyncDispose]();
    expect(await failure(CREATE, gone.endpoint)).toMatch(/^Nothing answers at .*ECONNREFUSED\)\.$/);
  });
});
