import { describe, expect, it, vi } from 'vitest';
import { uploadOrders } from '../../../db/uploads/upload-orders.ts';
import { STYLE } from '../../../functions/shared/pages/style.ts';
import { apiEvent, lambdaContext } from '../../helpers/events.ts';
import { item, order } from '../../helpers/orders.ts';
import { useAdmin, VIEWER } from './pages.ts';

const admin = useAdmin();

describe('the admin', () => {
  it('answers every page with strict headers, also those of errors', async () => {
    for (const address of ['/admin', '/admin/orders', '/admin/no-such-page']) {
      const { headers } = await admin.get(address);
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      });
      const policy = String(headers?.['content-security-policy']);
      expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-/);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|script-src/);
    }
  });

  it('has its stylesheet inside, unchanged, so that the hash in the policy fits', async () => {
    expect((await admin.get('/admin/orders')).body).toContain(`<style>${STYLE}</style>`);
  });

  it('says what to do while there are no orders', async () => {
    expect((await admin.get('/admin/orders')).body).toContain('No orders yet');
  });

  it('shows who is looking', async () => {
    expect((await admin.get('/admin/orders')).body).toContain(VIEWER);
  });

  it('logs every request with who was looking, but not for what', async () => {
    const { logger } = await import('../../../functions/shared/logger.ts');
    const keys = vi.spyOn(logger, 'appendKeys');
    const info = vi.spyOn(logger, 'info');
    const lines = {
      '/admin/orders?q=secret': 200,
      '/admin/orders/secret': 404,
      '/admin/secret': 404,
    };
    for (const [address, status] of Object.entries(lines)) {
      await admin.get(address);
      expect(keys).toHaveBeenLastCalledWith({ viewer: VIEWER });
      const [message, fields] = info.mock.lastCall!;
      expect(message).toBe('page answered');
      expect(fields).toMatchObject({ method: 'GET', status, duration_ms: expect.any(Number) });
      expect(JSON.stringify(fields)).not.toContain('secret');
    }
    expect(info.mock.calls[0]?.[1]).toMatchObject({ route: '/admin/orders' });
  });

  it('refuses a request that nobody signed', async () => {
    const { handler } = await import('../../../functions/admin/handler.ts');
    const event = apiEvent({ rawPath: '/admin/orders' });
    const { statusCode, body } = await handler(event, lambdaContext());
    expect([statusCode, body]).toEqual([403, expect.stringContaining('AWS credentials')]);
  });

  it('helps on from an address without a page', async () => {
    const { statusCode, body } = await admin.get('/admin/no-such-page');
    expect(statusCode).toBe(404);
    expect(body).toContain('There is no page at this address.');
    expect(body).toContain('href="/admin/orders"');
  });

  it('shows <script> and quotes of every field as text', async () => {
    const evil = `"'><script>x</script>`;
    await uploadOrders(admin.db, evil, [
      order({
        order_number: evil,
        status: '<script>"\'</script>',
        items: [item({ sku: evil, name: evil })],
      }),
    ]);
    const query = new URLSearchParams({
      q: evil,
      status: evil,
      seller: evil,
      from: evil,
      min: evil,
    });
    const addresses = [
      '/admin/orders',
      `/admin/orders?${new URLSearchParams({ q: evil })}`,
      `/admin/orders?${new URLSearchParams({ seller: evil })}`,
      `/admin/orders?${query}`,
      `/admin/order?${new URLSearchParams({ number: evil })}`,
      `/admin/orders/${encodeURIComponent(evil)}`,
      `/admin/order?${new URLSearchParams({ number: `${evil}!` })}`,
    ];
    for (const address of addresses) {
      const { body } = await admin.get(address);
      expect(body).not.toContain('<script');
      expect(body).toContain('&quot;&#39;&gt;&lt;script&gt;x&lt;/script&gt;');
      expect(body).not.toMatch(/\son\w+=/);
    }
  });
});
