// Texts that name something (order numbers, SKUs, statuses, sellers) must differ where somebody can
// see it. Migration 0008 states the same rule in SQL, for what was stored before there was one.

/**
 * Nothing but what can be seen of ASCII, with spaces between:
 * most names, which need no further look.
 */
const PLAIN_ASCII = /^[!-~](?:[ -~]*[!-~])?$/;
const ASCII = /^[\0-\x7f]*$/;

const OUTER_SPACE = /^\p{White_Space}+|\p{White_Space}+$/gv;

/**
 * Control characters, what Unicode calls ignorable, annotation marks, an empty Braille cell,
 * spaces other than U+0020.
 */
const INVISIBLE =
  /[[\p{Cc}\p{Default_Ignorable_Code_Point}\p{White_Space}\u{2800}\u{fff9}-\u{fffb}]--[\0 ]]/v;

/** What is seen of no text at all: lines, tabs and spaces of any kind are. */
const UNSEEN = /[[\p{Cc}\p{Default_Ignorable_Code_Point}\u{2800}\u{fff9}-\u{fffb}]--[\t\n]]/v;

/** What emoji are made of; by code point, so that another version of Unicode is no other rule. */
const PICTOGRAPH = [
  String.raw`\u{a9}\u{ae}\u{203c}\u{2049}\u{2122}\u{2139}\u{2194}-\u{2199}\u{21a9}-\u{21aa}`,
  String.raw`\u{231a}-\u{231b}\u{2328}\u{23cf}\u{23e9}-\u{23fa}\u{24c2}\u{25aa}-\u{25ab}\u{25b6}`,
  String.raw`\u{25c0}\u{25fb}-\u{25fe}\u{2600}-\u{27bf}\u{2934}-\u{2935}\u{2b05}-\u{2b07}`,
  String.raw`\u{2b1b}-\u{2b1c}\u{2b50}\u{2b55}\u{3030}\u{303d}\u{3297}\u{3299}\u{1f000}-\u{1f1e5}`,
  String.raw`\u{1f200}-\u{1f3fa}\u{1f400}-\u{1faff}`,
].join('');
const SKIN_TONE = String.raw`\u{1f3fb}-\u{1f3ff}`;

/**
 * Letters, and what stands on them, of scripts in which joiners decide how they look: Arabic,
 * Syriac, N'Ko, Mandaic, those of India and its neighbours, Tibetan, Burmese, Khmer and Mongolian.
 */
const JOINING = [
  String.raw`\u{606}-\u{608}\u{60b}\u{60e}-\u{61a}\u{620}-\u{65f}\u{66e}-\u{6d3}\u{6d5}-\u{6dc}`,
  String.raw`\u{6de}-\u{6ef}\u{6fa}-\u{6ff}\u{70e}\u{710}-\u{77f}\u{7ca}-\u{7f6}\u{7fa}-\u{7ff}`,
  String.raw`\u{840}-\u{85d}\u{85f}-\u{88f}\u{892}-\u{8e1}\u{8e3}-\u{963}\u{971}-\u{9e5}`,
  String.raw`\u{9f0}-\u{9f3}\u{9fa}-\u{9fc}\u{9fe}-\u{a65}\u{a70}-\u{a75}\u{a77}-\u{ae5}`,
  String.raw`\u{af1}-\u{b65}\u{b70}-\u{b71}\u{b78}-\u{be5}\u{bf3}-\u{c65}\u{c70}-\u{c76}`,
  String.raw`\u{c7f}-\u{c83}\u{c85}-\u{ce5}\u{cf0}-\u{d57}\u{d5f}-\u{d65}\u{d79}-\u{de5}`,
  String.raw`\u{df0}-\u{df3}\u{df5}-\u{dff}\u{f00}-\u{f03}\u{f13}\u{f15}-\u{f1f}\u{f34}-\u{f39}`,
  String.raw`\u{f3e}-\u{f84}\u{f86}-\u{fcf}\u{fd5}-\u{fd8}\u{fdb}-\u{103f}\u{1050}-\u{108f}`,
  String.raw`\u{109a}-\u{109f}\u{1780}-\u{17b3}\u{17b6}-\u{17d3}\u{17d7}\u{17db}-\u{17df}`,
  String.raw`\u{17ea}-\u{17ef}\u{17fa}-\u{17ff}\u{181a}-\u{18af}`,
].join('');

/** Invisible characters where they are seen in what is around them. */
const SEEN = new RegExp(
  [
    String.raw`(?<=[${PICTOGRAPH}])\u{fe0f}`,
    String.raw`(?<=[0-9#*])\u{fe0f}(?=\u{20e3})`,
    String.raw`(?<=[${PICTOGRAPH}][\u{fe0f}${SKIN_TONE}]?)\u{200d}(?=[${PICTOGRAPH}])`,
    String.raw`(?<=[${JOINING}])[\u{200c}\u{200d}](?=[${JOINING}])`,
    // The flags of England, Scotland and Wales.
    String.raw`(?<=\u{1f3f4})\u{e0067}\u{e0062}(?:\u{e0065}\u{e006e}\u{e0067}|\u{e0073}\u{e0063}\u{e0074}|\u{e0077}\u{e006c}\u{e0073})\u{e007f}`,
  ].join('|'),
  'gv',
);

/** What may be wrong with a name, beside its length. */
export interface NameFault {
  readonly code: 'outer_space' | 'invisible_character';
  readonly detail: string;
}

/** The composed form, in which names are stored and compared. */
export function composed(text: string): string {
  return ASCII.test(text) ? text : text.normalize('NFC');
}

/** Whether a text keeps the rule as it is. It may still be too long. */
export function isPlainAscii(text: string): boolean {
  return PLAIN_ASCII.test(text);
}

/**
 * Why a text does not do as a name.
 *
 * @param text in its composed form, and not too long:
 * spaces at its ends are looked for again and again
 */
export function nameFaults(text: string): NameFault[] {
  if (isPlainAscii(text)) return [];
  const faults: NameFault[] = [];
  const inner = text.replace(OUTER_SPACE, '');
  if (inner !== text) {
    const space = text.startsWith(inner) ? text.slice(inner.length) : text;
    const detail = `Must not begin or end with white space: has ${codePoint(space)}.`;
    faults.push({ code: 'outer_space', detail });
  }
  const [invisible] = INVISIBLE.exec(inner.replace(SEEN, '')) ?? [];
  if (invisible !== undefined) {
    const detail = `Must not have characters that cannot be seen, or spaces other than U+0020: has ${codePoint(invisible)}.`;
    faults.push({ code: 'invisible_character', detail });
  }
  return faults;
}

/**
 * The first character of some lines that cannot be seen, or changes how others are, as `U+202E`.
 * Lines, tabs and spaces of any kind may be there, and what emoji and joining letters need.
 */
export function unseenIn(lines: string): string | undefined {
  const [unseen] = UNSEEN.exec(lines.replace(SEEN, '')) ?? [];
  return unseen === undefined ? undefined : codePoint(unseen);
}

/** A text's first character as `U+200B`. */
function codePoint(text: string): string {
  const hex = (text.codePointAt(0) ?? 0).toString(16).toUpperCase();
  return `U+${hex.padStart(4, '0')}`;
}

/**
 * Whether a text has more characters, as PostgreSQL counts them.
 * What is far too long is not counted.
 */
export function isLonger(text: string, maxLength: number): boolean {
  if (text.length <= maxLength) return false;
  // A character has one or two places.
  return text.length > 2 * maxLength || [...text].length > maxLength;
}

/**
 * Whether it is too long as it is and in its composed form:
 * one of a seller who is there may be either.
 */
export function isLongerInAnyForm(text: string, maxLength: number): boolean {
  return isLonger(text, maxLength) && isLonger(composedStart(text, maxLength), maxLength);
}

/** The composed form, or of what cannot become short enough by it just the text. */
export function composedStart(text: string, maxLength: number): string {
  return text.length > MAX_PARTS * maxLength ? text : composed(text);
}

/** No character of Unicode is composed of so many places in a string. */
const MAX_PARTS = 8;
