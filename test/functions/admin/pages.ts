import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { afterAll, beforeAll } from 'vitest';
import type { RoleName } from '../../../db/roles/names.ts';
import { CANCELLED_STATUSES, NIGHTLY_AT } from '../../../functions/admin/env.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { apiEvent, lambdaContext } from '../../helpers/events.ts';

export const VIEWER = 'arn:aws:iam::000000000000:user/somebody';

export interface AdminPages extends TestDatabase {
  /** Asks the admin's handler, as the role of its function, for a path as a browser writes it. */
  get(address: string, fields?: Partial<APIGatewayProxyEventV2>): Promise<Answer>;
}

export type Answer = APIGatewayProxyStructuredResultV2 & { body: string };

/** The admin's handler on a database of its own. */
export async function openAdmin(role: RoleName = 'admin'): Promise<AdminPages> {
  const database = await createTestDatabase();
  Object.assign(process.env, database.environmentOf(role), {
    [NIGHTLY_AT]: '00:15',
    [CANCELLED_STATUSES]: '["cancelled", "отменён"]',
  });
  const { handler } = await import('../../../functions/admin/handler.ts');
  return {
    ...database,
    get: async (address, fields) =>
      (await handler(adminEvent(address, fields), lambdaContext())) as Answer,
  };
}

/** The same for a file's tests, from its first hook on. */
export function useAdmin(): AdminPages {
  const admin = {} as AdminPages;
  beforeAll(async () => {
    Object.assign(admin, await openAdmin());
  });
  afterAll(() => admin.drop());
  return admin;
}

/** An event as API Gateway makes it of an address: the path decoded, the query as it came. */
export function adminEvent(address: string, fields: Partial<APIGatewayProxyEventV2> = {}) {
  const [path = '', query = ''] = address.split('?');
  const event = apiEvent({
    routeKey: 'GET /admin/{proxy+}',
    rawPath: decodeURIComponent(path),
    rawQueryString: query,
    ...fields,
  });
  Object.assign(event.requestContext, { authorizer: { iam: { userArn: VIEWER } } });
  return event;
}

/** The orders that a list page shows, in their order. */
export function orderNumbers({ body }: Answer): string[] {
  return [...body.matchAll(/role="rowheader"><a href="[^"]*">([^<]*)<\/a>/g)].map(([, number]) =>
    unescapeHtml(number ?? ''),
  );
}

/** The address of the link with this text. */
export function linkTo({ body }: Answer, text: string): string {
  const links = [...body.matchAll(/<a [^>]*?href="([^"]*)"[^>]*>(.*?)<\/a\s*>/gs)];
  const link = links.find(([, , content]) => visibleText(content ?? '') === text);
  if (!link) throw new Error(`There is no link "${text}".`);
  return unescapeHtml(link[1] ?? '');
}

/** What a person sees of markup. */
export function visibleText(markup: string): string {
  return unescapeHtml(markup.replace(/<(style|head)\b.*?<\/\1>/gs, '').replace(/<[^>]*>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim();
}

function unescapeHtml(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
