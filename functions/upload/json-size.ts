import {
  BACKSLASH,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
} from '../shared/json-tokens.ts';

// A few kilobytes of gzip become 16 MiB of `{},{},…` or of objects each with other fields, for
// which `JSON.parse` takes seconds and a gigabyte. Orders never look like that: the shortest item
// has 46 bytes for five commas and brackets, and the same fields as the others.

/** How many values a body may hold: more than 16 MiB of the shortest orders and items there are. */
export const MAX_VALUES = 1_900_000;
/** How many arrays and objects those may be: one for each 33 bytes of 16 MiB. */
export const MAX_CONTAINERS = 500_000;
/** How many different sets of fields its objects may have. */
export const MAX_FIELD_SETS = 100_000;
/**
 * How many fields one object may have: V8 looks each up in a table that soon is larger than a
 * processor's cache.
 */
export const MAX_FIELDS = 10_000;
/** Smaller bodies need no look: what they can cost is a part of what these limits allow. */
const HARMLESS_BYTES = 2 * 1024 * 1024;

export interface JsonSize {
  /**
   * Commas and opening brackets outside of strings: what is in arrays and objects,
   * and they themselves.
   */
  readonly values: number;
  readonly containers: number;
  /**
   * Different sequences of names, and beginnings of them,
   * as far as a table of 256 KiB tells them apart: V8 makes a hidden class of each.
   */
  readonly fieldSets: number;
  /** Of the object that has most; a name that comes twice counts twice. */
  readonly fields: number;
}

/** What a body holds more of than it may, or `undefined`. It is looked at before it is parsed. */
export function excess(json: Uint8Array): keyof JsonSize | undefined {
  if (json.length <= HARMLESS_BYTES) return undefined;
  const { values, containers, fieldSets, fields } = jsonSize(json);
  if (values > MAX_VALUES) return 'values';
  if (containers > MAX_CONTAINERS) return 'containers';
  if (fields > MAX_FIELDS) return 'fields';
  return fieldSets > MAX_FIELD_SETS ? 'fieldSets' : undefined;
}

const TABLE_BITS = 21;
/** Odd, and another in each process, so that nobody can choose names that look the same. */
const MULTIPLIER = Math.floor(Math.random() * 2 ** 31) | 1;

/** One pass over the bytes, some 3 ns each. Of what is no JSON it says something, too. */
export function jsonSize(json: Uint8Array): JsonSize {
  const seen = new Uint32Array(2 ** (TABLE_BITS - 5));
  /** Of each open object around what its names come to so far, and how many they are. */
  const open: number[] = [];
  let commas = 0;
  let containers = 0;
  let fieldSets = 0;
  let text = 0;
  let names = 0;
  let fields = 0;
  let mostFields = 0;
  for (let at = 0; at < json.length; at += 1) {
    switch (json[at]) {
      case QUOTE:
        text = 0;
        for (at += 1; at < json.length && json[at] !== QUOTE; at += 1) {
          if (json[at] === BACKSLASH) at += 1;
          text = Math.imul(text + (json[at] ?? 0) + 1, MULTIPLIER);
          text ^= text >>> 15; // else some multipliers bring similar names together
        }
        break;
      case COLON: {
        names = mixed(Math.imul(names ^ (text + 1), MULTIPLIER));
        const place = names >>> (32 - TABLE_BITS);
        const word = seen[place >>> 5]!;
        const bit = 1 << (place & 31);
        if ((word & bit) === 0) fieldSets += 1;
        seen[place >>> 5] = word | bit;
        fields += 1;
        if (fields > mostFields) mostFields = fields;
        break;
      }
      case OPEN_OBJECT:
        containers += 1;
        open.push(names, fields);
        names = 0;
        fields = 0;
        break;
      case CLOSE_OBJECT:
        fields = open.pop() ?? 0;
        names = open.pop() ?? 0;
        break;
      case OPEN_ARRAY:
        containers += 1;
        break;
      case COMMA:
        commas += 1;
        break;
    }
  }
  return { values: commas + containers, containers, fieldSets, fields: mostFields };
}

/** Every bit of the number has a part in every bit of the answer: MurmurHash3's last step. */
function mixed(number: number): number {
  let bits = Math.imul(number ^ (number >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
