/**
 * An amount as it is sent: decimal text such as `'2500.00'`, or an object that writes itself as
 * such, as those of big.js, bignumber.js and decimal.js do. A JavaScript number is a binary
 * fraction, which has lost the cents of a large amount before anybody can look at it.
 */
export type Amount = string | DecimalObject;

/** Its `toFixed()` gives all digits, without an exponent. */
export type DecimalObject = object & { toFixed(): string };

/** @throws {TypeError} of a number, which types let nobody send */
export function amountText(amount: Amount): string {
  if (typeof amount === 'string') return amount;
  const isNumber = amount instanceof Number; // whose `toFixed()` would be without its cents
  if (typeof amount === 'object' && amount !== null && !isNumber) return amount.toFixed();
  throw new TypeError(`An amount is decimal text, such as '12.50', and no ${typeof amount}.`);
}
