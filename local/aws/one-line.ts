/**
 * A text with nothing in it that any program takes for the end of a line.
 * What is escaped is written as JSON writes it, so that a line of JSON still says the same.
 */
export function oneLine(text: string): string {
  return text.replace(
    /(?!\t)[\p{Cc}\p{Zl}\p{Zp}]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
