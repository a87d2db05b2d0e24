/** What a shop of the demo sells, to whom it is dear. */
export interface Product {
  readonly sku: string;
  readonly name: string;
  readonly cents: number;
}

/** A shop of the demo. */
export interface Shop {
  readonly seller: string;
  /** Of its order numbers, which are unique across the whole service. */
  readonly prefix: string;
  /** On an ordinary day. */
  readonly ordersADay: number;
  /** What sells best first. */
  readonly products: readonly [Product, ...Product[]];
  /** By which its year is made. */
  readonly seed: number;
}

const product = (sku: string, name: string, cents: number): Product => ({ sku, name, cents });

export const SHOPS: readonly Shop[] = [
  {
    seller: 'tea_house',
    prefix: 'tea',
    ordersADay: 8,
    products: [
      product('tea-sencha', 'Чай зелёный «Сенча», 100 г', 54_000),
      product('tea-earl', 'Earl Grey, 100 g', 49_000),
      product('tea-puer', 'Пуэр, 357 г', 189_000),
      product('cup-white', 'Чашка фарфоровая', 75_000),
      product('pot-glass', 'Чайник стеклянный, 0,8 л', 210_000),
      product('set-gift', 'Набор подарочный', 399_000),
    ],
    seed: 1,
  },
  {
    seller: 'nordic_mugs',
    prefix: 'mug',
    ordersADay: 5,
    products: [
      product('mug-fox', 'Mug “Fox”, large', 1_995),
      product('mug-plain', 'Mug, plain', 1_250),
      product('towel-linen', 'Tea towel, linen', 2_450),
      product('mug-set', 'Four mugs & a tray', 7_900),
    ],
    seed: 2,
  },
  {
    seller: 'paper_and_ink',
    prefix: 'ink',
    ordersADay: 3,
    products: [
      product('book-a5', 'Notebook A5, dotted', 1_150),
      product('ink-blue', 'Ink, royal blue, 50 ml', 990),
      product('pen-steel', 'Fountain pen, steel', 6_400),
      product('card-10', 'Cards, ten of them', 850),
    ],
    seed: 3,
  },
];
