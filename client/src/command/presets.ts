import type { IfEmpty, Titles } from './csv-mapping.ts';
import type { Encoding } from './text-source.ts';

/** How a system exports orders; options say what is otherwise. */
export interface Preset {
  readonly titles: Titles;
  /** What its exports have no value for where the service needs one. */
  readonly ifEmpty?: IfEmpty;
  readonly delimiter: string;
  readonly encoding: Encoding;
  readonly decimalComma: boolean;
  /** @default true */
  readonly hasQuotes?: boolean;
  readonly dateFormat?: string;
}

/** A row an item each. None knows the shop's time zone, nor what makes its numbers its own. */
export const PRESETS = {
  /**
   * Advanced Order Export, as it comes: newer columns and older ones. A product need not have
   * a SKU. Times are the shop's.
   */
  woocommerce: {
    titles: {
      order_number: 'Order Number',
      created_at: 'Order Date',
      total_amount: 'Order Total Amount',
      status: 'Order Status',
      sku: 'SKU',
      name: ['Item Name', 'Product Name', 'Name'],
      quantity: ['Quantity (- Refund)', 'Quantity'],
      price: 'Item Cost',
    },
    ifEmpty: { sku: 'none' },
    delimiter: ',',
    encoding: 'utf-8',
    decimalComma: false,
  },
  /**
   * Orders, export, plain CSV. Only an order's first row has what is the order's. A product need
   * not have a SKU. What was paid back is in no total: the status says so.
   */
  shopify: {
    titles: {
      order_number: 'Name',
      created_at: 'Created at',
      total_amount: 'Total',
      status: 'Financial Status',
      sku: 'Lineitem sku',
      name: 'Lineitem name',
      quantity: 'Lineitem quantity',
      price: 'Lineitem price',
    },
    ifEmpty: { sku: 'none' },
    delimiter: ',',
    encoding: 'utf-8',
    decimalComma: false,
  },
  /**
   * All orders, flat file by order date. It has what a line comes to, and no total: that is what
   * the items come to, without shipping. Orders that are pending or cancelled have no prices yet.
   */
  amazon: {
    titles: {
      order_number: 'amazon-order-id',
      created_at: 'purchase-date',
      updated_at: 'last-updated-date',
      status: 'order-status',
      sku: 'sku',
      name: 'product-name',
      quantity: ['quantity', 'quantity-purchased'],
      line_total: 'item-price',
    },
    ifEmpty: { line_total: '0.00' },
    delimiter: '\t',
    encoding: 'utf-8',
    decimalComma: false,
    hasQuotes: false,
  },
  /** What 1C writes in Russian, one row an item. Times are the shop's. */
  '1c': {
    titles: {
      order_number: 'Номер',
      created_at: 'Дата',
      total_amount: 'Сумма',
      status: 'Статус',
      sku: 'Артикул',
      name: 'Номенклатура',
      quantity: 'Количество',
      price: 'Цена',
    },
    delimiter: ';',
    encoding: 'windows-1251',
    decimalComma: true,
    dateFormat: 'DD.MM.YYYY HH:mm:ss',
  },
} as const satisfies Readonly<Record<string, Preset>>;

export type PresetName = keyof typeof PRESETS;
