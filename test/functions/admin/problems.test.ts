import { DatabaseResumingException } from '@aws-sdk/client-rds-data';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { asking } from '../../../functions/shared/pages/app.ts';
import type { PageContext } from '../../../functions/shared/pages/context.ts';
import { useOwnDataApi } from '../../helpers/data-api.ts';
import { lambdaContext } from '../../helpers/events.ts';
import {
  type AdminPages,
  type Answer,
  adminEvent,
  linkTo,
  openAdmin,
  visibleText,
} from './pages.ts';

let admin: AdminPages;
const own = useOwnDataApi();
beforeAll(async () => {
  admin = await openAdmin();
  Object.assign(process.env, own.environment);
});
afterAll(async () => {
  await admin.drop();
});

/** The page at an address, of a function that has four seconds. */
async function hastily(address: string): Promise<Answer> {
  const { connect, databaseAddress } = await import('../../../db/data-api/connect.ts');
  const { adminApp } = await import('../../../functions/admin/app.ts');
  const { lambdaHandler } = await import('../../../functions/shared/pages/lambda.ts');
  const handler = lambdaHandler(adminApp(connect(databaseAddress())));
  return (await handler(adminEvent(address), lambdaContext(4_000))) as Answer;
}

describe('a page while the database cannot answer', () => {
  it.each([
    ['wakes up', { kind: 'resuming', forMs: 60_000 }, 'The database is waking up', 'half a minute'],
    [
      'is out of reach',
      { kind: 'status', status: 503, calls: 1_000 },
      'The database does not answer',
      'out of reach',
    ],
  ] as const)('says so when it %s, and can be asked for again', async (_what, fault, title, words) => {
    own.dataApi.faults.add(fault);
    const page = await hastily('/admin/sellers');
    expect(page.statusCode).toBe(503);
    expect(page.body).toContain(`<h1>${title}</h1>`);
    expect(visibleText(page.body)).toContain(words);
    expect(visibleText(page.body)).not.toContain('Send the same request');
    expect(linkTo(page, 'Try again')).toBe('');
    expect(linkTo(page, 'All sellers')).toBe('/admin/sellers');
  });

  it('is given up long before its function has to', async () => {
    const now = vi.spyOn(Date, 'now').mockReturnValue(0);
    const ask = vi.fn(async () => {
      now.mockReturnValue(11_900);
      throw new DatabaseResumingException({ message: 'resuming', $metadata: {} });
    });
    const c = { env: { context: lambdaContext(29_000) } } as unknown as PageContext;
    await expect(asking(c, ask)).rejects.toMatchObject({ reason: 'resuming' });
    expect(ask).toHaveBeenCalledOnce();
  });
});

describe('a page that cannot be shown', () => {
  it.each([
    ['/admin/sellers/test_seller?days=7', 'Back to test_seller', '/admin/sellers/test_seller'],
    ['/admin/seller?name=A+B&days=7', 'Back to A B', '/admin/seller?name=A%20B'],
    ['/admin/sellers/nobody', 'All sellers', '/admin/sellers'],
    ['/admin/orders/none', 'All orders', '/admin/orders'],
    ['/admin/runs?before=x', 'All nightly runs', '/admin/runs'],
    ['/admin/no-such-page', 'All orders', '/admin/orders'],
  ])('leads back from %s', async (address, text, href) => {
    const page = await admin.get(address);
    expect(page.statusCode).toBeGreaterThanOrEqual(400);
    expect(linkTo(page, text)).toBe(href);
  });
});
