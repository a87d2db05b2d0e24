import type { Titles } from './csv-mapping.ts';
import type { Encoding } from './text-source.ts';

/** How a system exports orders; options say what is otherwise. */
export interface Preset {
  readonly titles: Titles;
  readonly delimiter: string;
  readonly encoding: Encoding;
  readonly decimalComma: boolean;
  /** @default true */
  readonly hasQuotes?: boolean;
  readonly dateFormat?: string;
}

/** A row an item each. None knows the shop's time zone, nor what makes its numbers its own. */
export const PRESETS = {
  /** Advanced Order Export, as it comes. Times are the shop's. */
  woocommerce: {
    titles: {
      order_number: 'Order Number',
      created_at: 'Order Date',
      total_amount: 'Order Total Amount',
      status: 'Order Status',
      sku: 'SKU',
      name: 'Item Name',
      quantity: 'Quantity',
      price: 'Item Cost',
    },
    delimiter: ',',
    encoding: 'utf-8',
    decimalComma: false,
  },
  /** Orders, export, plain CSV. Only an order's first row has what is the order's. */
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
    delimiter: ',',
    encoding: 'utf-8',
    decimalComma: false,
  },
  /** All orders, flat file by order date. It has what a line comes to, and no total. */
  amazon: {
    titles: {
      order_number: 'amazon-order-id',
      created_at: 'purchase-date',
      updated_at: 'last-updated-date',
      status: 'order-status',
      sku: 'sku',
      name: 'product-name',
      quantity: 'quantity',
      line_total: 'item-price',
    },
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
