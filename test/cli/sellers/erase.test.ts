import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { confirm, erase } from '../../../cli/sellers/erase.ts';
import type { Erasure, Seller } from '../../../cli/sellers/request.ts';
import type { Terminal } from '../../../cli/terminal.ts';
import { type Listening, listenOnLoopback } from '../../../local/aws/loopback.ts';

const SELLER: Seller = {
  user: 'Ёж',
  orders_count: 10,
  total_revenue: '1.00',
  keys_count: 2,
  active_keys_count: 1,
};

describe('a person at a terminal', () => {
  const terminal = (...typed: string[]): Terminal => ({
    ask: async () => typed.shift(),
    [Symbol.dispose]: () => {},
  });

  it.each([
    ['Ёж'],
    ['Ёж'.normalize('NFD')],
  ])('confirms by the name %j and the word', async (name) => {
    await expect(confirm(SELLER, terminal(name, 'erase'))).resolves.toBeUndefined();
  });

  it.each([
    [['ёж', 'erase']],
    [['', 'erase']],
    [['erase', 'Ёж']],
    [['Ёж', 'yes']],
    [['Ёж', 'Erase']],
    [['Ёж', '']],
    [['Ёж']],
    [[]],
  ])('confirms nothing by %j', async (typed) => {
    await expect(confirm(SELLER, terminal(...typed))).rejects.toThrow(/nothing was erased/i);
  });
});

describe('erasing over several requests', () => {
  /** What the service answers to each request, or a status. */
  let answers: (Partial<Erasure> | number | 'nothing' | 'a page' | 'silence')[] = [];
  /** All that one waits for; over once nothing is answered. */
  const time = new AbortController();
  let service: Listening;
  beforeAll(async () => {
    const http = createServer((request, response) => {
      const answer = answers.shift();
      if (answer === 'nothing') request.socket.destroy();
      else if (answer === 'silence') time.abort(new DOMException('It is over.', 'TimeoutError'));
      else if (answer === 'a page') response.end('<html>Welcome!</html>');
      else if (typeof answer === 'number') {
        response.statusCode = answer;
        response.end(JSON.stringify({ detail: `It is ${answer}.` }));
      } else {
        const nothing = {
          items_deleted: 0,
          versions_deleted: 0,
          receipts_deleted: 0,
          keys_deleted: 0,
        };
        response.end(JSON.stringify({ done: false, orders_left: true, ...nothing, ...answer }));
      }
    });
    service = await listenOnLoopback(http, 0);
  });
  afterAll(() => service[Symbol.asyncDispose]());

  async function run(signal = new AbortController().signal) {
    const lines: string[] = [];
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const target = { origin: service.endpoint, region: 'us-east-1', credentials, title: 'dev' };
    const given = { user: SELLER.user, isConfirmed: true, of: { stage: 'dev', profile: 'my one' } };
    const told = erase(target, SELLER, given, (line) => lines.push(line), signal);
    return told.then(
      ({ text }) => ({ text, lines }),
      (error: Error) => ({ text: error.message, lines }),
    );
  }

  it('shows how far it is, and all that was deleted in the end', async () => {
    answers = [
      { orders_deleted: 6, items_deleted: 12 },
      { orders_deleted: 5, items_deleted: 10, versions_deleted: 1, orders_left: false },
      { orders_deleted: 0, orders_left: false, wait_s: 0.01 },
      { orders_deleted: 0, keys_deleted: 2, done: true },
    ];
    expect(await run()).toEqual({
      lines: [
        '6 of 10 orders are deleted',
        '11 of 11 orders are deleted, and 1 former version and receipts',
        expect.stringContaining('these follow in 0.01 s'),
      ],
      text: 'Ёж is erased: 11 orders with 22 items, 1 former version, 0 receipts, 2 keys',
    });
  });

  it('is done when the seller is gone after a request whose answer was lost', async () => {
    answers = [{ orders_deleted: 10 }, 404];
    expect((await run()).text).toMatch(/^Ёж is erased: 10 orders/);
  });

  it.each([
    ['refuses', 503, '503 It is 503.\n'],
    ['is not there', 'nothing' as const, 'Nothing answers at http://127.0.0.1:'],
    ['is another', 'a page' as const, 'What answers at http://127.0.0.1:'],
    ['tells half of it', { done: false }, 'What answers at http://127.0.0.1:'],
  ])('says how to go on when the service %s', async (_what, failure, says) => {
    answers = [{ orders_deleted: 1 }, failure];
    const { text } = await run();
    expect(text.startsWith(says)).toBe(true);
    expect(text).toMatch(/\n1 order of Ёж is deleted for good, and /);
    expect(text).toMatch(
      /\nTo erase the rest: npm run sellers -- erase --stage dev --profile 'my one' 'Ёж'$/,
    );
  });

  it('waits no longer than API Gateway does', async () => {
    const limit = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(time.signal);
    answers = ['silence'];
    const { text } = await run();
    expect(text).toMatch(/^Nothing answers at \S+ \(not in time\)\.\n0 orders of Ёж are deleted/);
    expect(limit).toHaveBeenCalledWith(35_000);
  });

  it('is refused at once when there is no such seller', async () => {
    answers = [404];
    expect((await run()).text).toContain('404 It is 404.');
  });
});
