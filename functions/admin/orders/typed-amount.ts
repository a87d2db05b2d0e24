/** The amount that somebody has typed as decimal text, `1234.50`; or what is wrong with it. */
export type TypedAmount = { readonly amount: string } | { readonly error: string };

const PLAIN = /^(?<sign>[-−]?)(?<whole>\d+)(?:[.,](?<cents>\d{1,2}))?$/;

/** Groups of three, parted by one mark throughout; the decimal mark is the other one. */
const GROUPED =
  /^(?<sign>[-−]?)(?<whole>[1-9]\d{0,2}(?<mark>[., \u00a0\u2009\u202f'’])\d{3}(?:\k<mark>\d{3})*)(?:(?!\k<mark>)[.,](?<cents>\d{1,2}))?$/;

/** One mark before three digits: thousands to some, thousandths to others. */
const AMBIGUOUS = /^[-−]?[1-9]\d{0,2}[.,]\d{3}$/;

/** What the column holds before the point. */
const MAX_DIGITS = 10;

/**
 * Reads an amount as people write it: with a decimal point or a decimal comma, and with thousands
 * separators where they can be nothing else. `1234,50`, `1,234.50`, `1.234.567` and `1 234,5` are
 * understood; `1,234` is not.
 */
export function readAmount(typed: string): TypedAmount {
  if (AMBIGUOUS.test(typed)) {
    const digits = typed.replace(/[.,]/, '').replace('−', '-');
    return {
      error: `“${typed}” may mean thousands or decimals: write ${digits} or ${digits}.00, or an amount with two decimals.`,
    };
  }
  const { sign, whole, cents } = (PLAIN.exec(typed) ?? GROUPED.exec(typed))?.groups ?? {};
  const digits = whole?.replace(/\D/g, '').replace(/^0+(?=\d)/, '') ?? '';
  if (digits === '' || digits.length > MAX_DIGITS) {
    return { error: 'Must be an amount such as 2500.00.' };
  }
  return { amount: `${sign ? '-' : ''}${digits}${cents === undefined ? '' : `.${cents}`}` };
}
