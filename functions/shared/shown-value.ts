import { isJsonString, numberText, stringText } from './json-number.ts';

/** How many characters an answer shows of a value. */
const MAX_CHARACTERS = 100;

/** The start of a refused value: of a string its text, of anything else its JSON. */
export function shownValue(value: unknown): string {
  const text = isJsonString(value) ? stringText(value) : jsonStart(value, MAX_CHARACTERS);
  // A character has one or two places in a string. Half of one is none.
  return [...text.slice(0, 2 * MAX_CHARACTERS)].slice(0, MAX_CHARACTERS).join('').toWellFormed();
}

/** The first `room` characters of a value's JSON, or a few more, however much of it there is. */
function jsonStart(value: unknown, room: number): string {
  const number = numberText(value);
  if (number !== undefined) return number;
  if (isJsonString(value)) return JSON.stringify(stringText(value).slice(0, MAX_CHARACTERS));
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) {
    return `[${joined(value.length, room, (i, left) => jsonStart(value[i], left))}]`;
  }
  const members = Object.entries(value);
  const member = (i: number, left: number) => {
    const [name = '', inner] = members[i] ?? [];
    const start = `${JSON.stringify(name.slice(0, MAX_CHARACTERS))}:`;
    return start + jsonStart(inner, left - start.length);
  };
  return `{${joined(members.length, room, member)}}`;
}

function joined(count: number, room: number, part: (i: number, left: number) => string): string {
  let text = '';
  for (let i = 0; i < count && text.length < room; i += 1) {
    text += (i > 0 ? ',' : '') + part(i, room - text.length - 1);
  }
  return text;
}
