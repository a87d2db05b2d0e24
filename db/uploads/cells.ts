import { writeCharacter } from './utf8.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const LAST_OF_ASCII = 0x7f;
const LAST_OF_ONE_UNIT = 0xffff;

/** For which JSON has an escape of two bytes; that of another control character has six. */
const SHORTLY_ESCAPED = '\b\t\n\f\r';

/** What one unit of a string takes at most, escaped or as UTF-8. */
const UNIT_BYTES = 3;
/** Two quotes and a comma. */
const AROUND_BYTES = 3;

/**
 * Elements of a PostgreSQL array literal, each with a comma behind it. They are gathered as UTF-8:
 * strings that are joined leave many times their size to be collected as garbage.
 *
 * @see https://www.postgresql.org/docs/18/arrays.html#ARRAYS-IO
 */
export class Cells {
  #bytes = Buffer.allocUnsafe(256);
  #length = 0;
  /** How many bytes more JSON needs for the same text. */
  #escapes = 0;
  #keptLength = 0;
  #keptEscapes = 0;

  /** How many bytes they take as text within the request's JSON. */
  get sizeBytes(): number {
    return this.#length + this.#escapes;
  }

  /** The UTF-8, until something is added or taken back. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** @param value ASCII that needs no quotes: a number, a date, base64, `NULL` */
  addPlain(value: string | number): void {
    const text = String(value);
    const bytes = this.#withRoom(text.length + AROUND_BYTES);
    let to = this.#length;
    for (let i = 0; i < text.length; i += 1) bytes[to++] = text.charCodeAt(i);
    bytes[to++] = COMMA;
    this.#length = to;
  }

  /** @throws {TypeError} for half of a surrogate pair, which no checked text has */
  addText(text: string): void {
    const bytes = this.#withRoom(text.length * UNIT_BYTES + AROUND_BYTES);
    let to = this.#length;
    let escapes = 2; // of the quotes
    bytes[to++] = QUOTE;
    for (let i = 0; i < text.length; i += 1) {
      const unit = text.charCodeAt(i);
      if (unit > LAST_OF_ASCII) {
        const codePoint = text.codePointAt(i) ?? unit;
        to = writeCharacter(bytes, to, codePoint);
        if (codePoint > LAST_OF_ONE_UNIT) i += 1;
        continue;
      }
      if (unit === QUOTE || unit === BACKSLASH) {
        bytes[to++] = BACKSLASH;
        escapes += 2;
      } else if (unit < SPACE) {
        escapes += SHORTLY_ESCAPED.includes(text.charAt(i)) ? 1 : 5;
      }
      bytes[to++] = unit;
    }
    bytes[to++] = QUOTE;
    bytes[to++] = COMMA;
    this.#length = to;
    this.#escapes += escapes;
  }

  /** Takes back all. */
  clear(): void {
    this.#length = 0;
    this.#escapes = 0;
    this.keep();
  }

  /** Keeps what was added: `takeBack` takes what comes after. */
  keep(): void {
    this.#keptLength = this.#length;
    this.#keptEscapes = this.#escapes;
  }

  takeBack(): void {
    this.#length = this.#keptLength;
    this.#escapes = this.#keptEscapes;
  }

  /** The array's literal. */
  literal(): string {
    const lastComma = Math.max(0, this.#length - 1);
    return `{${this.#bytes.toString('utf8', 0, lastComma)}}`;
  }

  #withRoom(sizeBytes: number): Buffer {
    const needed = this.#length + sizeBytes;
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(2 * needed);
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    return this.#bytes;
  }
}
