import { randomUUID } from 'node:crypto';
import { beforeAll } from 'vitest';
import type { RoleName } from '../../../db/roles/names.ts';
import type { TestDatabase } from '../../helpers/database.ts';
import { lambdaContext } from '../../helpers/events.ts';
import { type Answer, adminEvent } from './pages.ts';

/** A handler of pages with forms, as a browser uses it. */
export interface FormPages {
  get(address: string): Promise<Answer>;
  /** Sends a form as a browser does from a page of ours. */
  post(
    address: string,
    fields: Fields,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
  /** Sends what no browser does. */
  send(event: ReturnType<typeof adminEvent>): Promise<Answer>;
}

type Fields = Readonly<Record<string, string>> | readonly [string, string][];

type Handler = (
  event: ReturnType<typeof adminEvent>,
  context: ReturnType<typeof lambdaContext>,
) => Promise<unknown>;

/**
 * A function's pages for a file's tests: its handler as its role, loaded by the file's first hook.
 *
 * @param more variables beside those of the database
 */
export function useFormPages(
  test: TestDatabase,
  role: RoleName,
  load: () => Promise<{ readonly handler: Handler }>,
  more: Readonly<Record<string, string>> = {},
): FormPages {
  const pages = {} as FormPages;
  beforeAll(async () => {
    Object.assign(process.env, test.environmentOf(role), more);
    Object.assign(pages, formPages((await load()).handler));
  });
  return pages;
}

function formPages(handler: Handler): FormPages {
  const send = async (event: ReturnType<typeof adminEvent>) =>
    (await handler(event, lambdaContext())) as Answer;
  return {
    send,
    get: (address) => send(adminEvent(address)),
    post: (address, fields, headers = {}) => {
      const form = new URLSearchParams(fields as Record<string, string>);
      const event = adminEvent(address, {
        routeKey: 'POST /admin/{proxy+}',
        body: Buffer.from(String(form)).toString('base64'),
        isBase64Encoded: true,
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'sec-fetch-site': 'same-origin',
          ...headers,
        },
      });
      event.requestContext.http.method = 'POST';
      event.requestContext.requestId = randomUUID();
      return send(event);
    },
  };
}

/** The hidden fields of the form that a page holds, as a browser would send them. */
export function hiddenFields({ body }: Answer): Record<string, string> {
  return Object.fromEntries(hiddenEntries(body));
}

/** The same, where a name may come more than once. */
export function hiddenEntries(body: string): [name: string, value: string][] {
  const inputs = body.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g);
  return [...inputs].map(([, name = '', value = '']) => [name, unescaped(value)]);
}

const unescaped = (text: string) =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
