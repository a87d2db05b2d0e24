import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { assertPortIsFree, portError } from '../../cli/ports.ts';
import { StartError } from '../../cli/start/options.ts';
import { listenOnLoopback } from '../../local/aws/loopback.ts';

describe('assertPortIsFree', () => {
  it('names the port that another program has, and is content once it is free', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const taken = new StartError(
      `Port ${port} is taken: end the program that has it, or choose another with --port.`,
    );
    await expect(assertPortIsFree(port)).rejects.toThrow(taken);
    // Also when it was free at the first look, as for the second of two starts at the same moment.
    await expect(listenOnLoopback(createHttpServer(), port)).rejects.toThrow(taken);
    other.close();
    await once(other, 'close');
    await assertPortIsFree(port);
  });
});

describe('portError', () => {
  it('advises another port when the user may not have this one', () => {
    const cause = Object.assign(new Error('listen EACCES'), { code: 'EACCES' });
    expect(portError(80, cause)).toEqual(
      new StartError('Port 80 is not for this user: choose one above 1023.'),
    );
  });

  it('passes on what a person cannot put right', () => {
    const cause = Object.assign(new Error('listen EMFILE'), { code: 'EMFILE' });
    expect(portError(3000, cause)).toBe(cause);
  });
});
