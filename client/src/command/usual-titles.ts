import type { Field } from './csv-mapping.ts';

/** How titles are written where they are not named after the fields, as `plain` makes them. */
const USUAL: { readonly [F in Field]?: readonly string[] } = {
  order_number: [
    'ordernumber',
    'orderid',
    'order',
    'orderno',
    'number',
    'номерзаказа',
    'номер',
    'заказ',
  ],
  created_at: [
    'createdat',
    'orderdate',
    'date',
    'purchasedate',
    'datecreated',
    'дата',
    'датазаказа',
  ],
  total_amount: [
    'totalamount',
    'ordertotal',
    'total',
    'ordertotalamount',
    'сумма',
    'суммазаказа',
    'итого',
  ],
  status: ['status', 'orderstatus', 'financialstatus', 'статус', 'состояние'],
  updated_at: ['updatedat', 'lastupdateddate', 'datemodified', 'изменен'],
  sku: ['sku', 'lineitemsku', 'productsku', 'артикул'],
  name: [
    'name',
    'productname',
    'itemname',
    'lineitemname',
    'товар',
    'номенклатура',
    'наименование',
  ],
  quantity: ['quantity', 'qty', 'lineitemquantity', 'quantitypurchased', 'количество', 'колво'],
  price: ['price', 'unitprice', 'itemcost', 'lineitemprice', 'цена'],
};

const plain = (title: string) => title.toLowerCase().replaceAll(/[^\p{L}\p{N}#]/gu, '');

/**
 * Which column a field is where that is not said: the one of its own name, of its name written
 * otherwise, or else of a usual title. -1 where none is.
 *
 * @param taken columns that are said to be something else: theirs only where there is no other
 */
export function usualPlace(
  header: readonly string[],
  field: Field,
  taken: ReadonlySet<number>,
): number {
  const usual = USUAL[field] ?? [];
  const forms: ((title: string) => boolean)[] = [
    (title) => title === field,
    (title) => plain(title) === plain(field),
    (title) => usual.includes(plain(title)),
  ];
  const free = header.map((title, i) => (taken.has(i) ? '' : title));
  const places = [free, header].flatMap((titles) => forms.map((fits) => titles.findIndex(fits)));
  return places.find((place) => place >= 0) ?? -1;
}
