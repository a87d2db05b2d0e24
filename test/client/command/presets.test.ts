import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { read, sent, write } from './read-file.ts';

const EXPORTS = join(import.meta.dirname, '../../fixtures/exports');

describe('a preset', () => {
  it('reads what WooCommerce exports', async () => {
    const path = join(EXPORTS, 'woocommerce.csv');
    const orders = await read(path, '--preset', 'woocommerce', '--time-zone', 'Europe/Moscow');
    expect(sent(orders)).toMatchObject([
      {
        order_number: '2041',
        created_at: '2025-11-12T13:05:00+03:00',
        total_amount: '64.40',
        status: 'Completed',
        items: [
          { sku: 'MUG-FOX-L', name: 'Mug "Fox", large', quantity: '2', price: '19.95' },
          { sku: 'TOWEL-1', price: '24.50' },
        ],
      },
      { order_number: '2042', items: [{ quantity: '10', price: '0.50' }] },
    ]);
    expect(orders.map(({ line }) => line)).toEqual([2, 6]);
  });

  it('reads its newer columns, with an order in its first row alone', async () => {
    const path = join(EXPORTS, 'woocommerce-default.csv');
    const orders = await read(path, '--preset', 'woocommerce', '--time-zone', '+01:00');
    expect(sent(orders)).toMatchObject([
      {
        order_number: '2051',
        status: 'Completed',
        items: [
          { sku: 'MUG-FOX-L', quantity: '2' },
          { sku: 'none', name: 'Gift card', price: '24.50' },
        ],
      },
      { order_number: '2052', total_amount: '5.00', items: [{ quantity: '0', price: '0.50' }] },
    ]);
  });

  it('reads what Shopify exports', async () => {
    const path = join(EXPORTS, 'shopify.csv');
    expect(sent(await read(path, '--preset', 'shopify', '--prefix', 'myshop-'))).toMatchObject([
      {
        order_number: 'myshop-#1001',
        created_at: '2025-11-12T13:05:09+03:00',
        total_amount: '64.40',
        status: 'paid',
        items: [
          { sku: 'MUG-FOX-L', quantity: '2' },
          { sku: 'none', name: 'Tip' },
        ],
      },
      { order_number: 'myshop-#1002', total_amount: '5.00', status: 'partially_refunded' },
    ]);
  });

  it('reads what Amazon reports, whose lines have no price of one', async () => {
    expect(sent(await read(join(EXPORTS, 'amazon.txt'), '--preset', 'amazon'))).toMatchObject([
      {
        order_number: '206-1111111-2222222',
        total_amount: '34.50',
        updated_at: '2025-11-14T08:00:00+00:00',
        items: [
          { quantity: '3', price: '3.33' },
          { name: 'Tea towel 15" wide', price: '24.50' },
        ],
      },
      { status: 'Cancelled', total_amount: '0.00', items: [{ quantity: '0', price: '0.00' }] },
      { status: 'Pending', total_amount: '0.00', items: [{ quantity: '2', price: '0.00' }] },
    ]);
  });

  it('reads what 1C writes', async () => {
    const options = ['--preset', '1c', '--time-zone', 'Europe/Moscow'];
    expect(sent(await read(join(EXPORTS, '1c.csv'), ...options))).toMatchObject([
      {
        order_number: 'ЗК-000041',
        created_at: '2025-11-12T13:05:09+03:00',
        total_amount: '1234.50',
        status: 'Оплачен',
        items: [
          { sku: 'ЧАЙ-01', name: 'Чай зелёный «Лунцзин»', quantity: '2.000', price: '500.00' },
          { sku: 'ЧШК-07', price: '234.50' },
        ],
      },
      { total_amount: '-99.90', created_at: '2025-11-12T00:30:00+03:00' },
    ]);
  });

  it('has options in its place where 1C writes points', async () => {
    const text = readFileSync(join(EXPORTS, '1c.csv'), 'latin1').replaceAll('1 234', '1234');
    const path = write('1c.csv', Buffer.from(text.replaceAll(/(\d),(\d)/g, '$1.$2'), 'latin1'));
    const form = ['--encoding', 'windows-1251', '--delimiter', ';', '--time-zone', 'UTC'];
    const orders = await read(path, ...form, '--date-format', 'DD.MM.YYYY HH:mm:ss');
    expect(sent(orders)).toMatchObject([{ items: [{ quantity: '2.000' }, {}] }, {}]);
  });
});
