/** Decimal text as people read it: `2,500.00`. The digits stay as they are. */
export function money(decimal: string): string {
  const [whole = '', fraction] = decimal.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** An instant such as `2025-11-12T10:00:00Z` as people read it: `2025-11-12 10:00`, still UTC. */
export function minute(instant: string): string {
  return instant.replace(/[T ](\d\d:\d\d).*/, ' $1');
}

/** The hour that an instant begins: `2025-11-12 10:00–11:00`. */
export function hour(instant: string): string {
  const from = minute(instant);
  return `${from}–${String(Number(from.slice(11, 13)) + 1).padStart(2, '0')}:00`;
}

/** A whole number as people read it: `1,234,567`. */
export function count(number: number | bigint): string {
  return money(String(number));
}

/** `1 order`, `2 orders` */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}

/** An estimate with the two digits that it deserves: `340,000`. */
export function about(number: number): string {
  return count(Number(number.toPrecision(2)));
}
