import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { assertPortIsFree, explainPortError } from '../../cli/ports.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { listenOnLoopback } from '../../local/aws/loopback.ts';

/** What a person is told of a port that cannot be had. */
const refusal = (listening: Promise<unknown>) => listening.then(() => undefined, explainPortError);

const refused = (code: string, port: number) =>
  Object.assign(new Error(`listen ${code}`), { code, syscall: 'listen', port });

describe('assertPortIsFree', () => {
  it('names the port that another program has, and is content once it is free', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const taken = new UsageError(
      `Port ${port} is taken: end the program that has it, or choose another with --port.`,
    );
    expect(await refusal(assertPortIsFree(port))).toEqual(taken);
    // Also when it was free at the first look, as for the second of two starts at the same moment.
    expect(await refusal(listenOnLoopback(createHttpServer(), port))).toEqual(taken);
    other.close();
    await once(other, 'close');
    await assertPortIsFree(port);
  });
});

describe('explainPortError', () => {
  it('advises another port when the user may not have this one', () => {
    const cause = refused('EACCES', 80);
    expect(explainPortError(cause)).toEqual(
      new UsageError('Port 80 is not for this user: choose one above 1023.'),
    );
  });

  it('passes on what a person cannot put right', () => {
    const cause = refused('EMFILE', 3000);
    expect(explainPortError(cause)).toBe(cause);
  });
});
