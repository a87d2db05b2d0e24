/** More than sentences have. */
const SHOWN = 300;

/** The first line of what something says that may say anything, to be shown in a sentence. */
export function firstLine(text: string): string {
  const [first = ''] = text.split(/[\r\n]/, 1);
  const line = first.replaceAll(/\p{Cc}/gu, ' ').trim();
  return line.length > SHOWN ? `${line.slice(0, SHOWN).toWellFormed()}…` : line;
}
