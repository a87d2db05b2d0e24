import { createReadStream, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { InputError } from './input-error.ts';

/** A file's text, read as it is asked for. */
export interface TextSource {
  /** What it is called in messages. */
  readonly name: string;
  /** `undefined` of what can be read only once, as standard input and pipes. */
  readonly file: string | undefined;
  /** As it lies there, compressed or not; `undefined` of what can be read only once. */
  readonly sizeBytes: number | undefined;
  /** When it was last changed, in milliseconds since the epoch; `undefined` likewise. */
  readonly modifiedMs: number | undefined;
  /** How many of those bytes were read. */
  readonly readBytes: number;
  /** Its first `sizeBytes`: reading it again gives the same, also where it grows. */
  text(): AsyncGenerator<string, void>;
  /** @throws {InputError} where it is no more what it was when it was opened */
  assertUnchanged(): Promise<void>;
}

export const STDIN = '-';
export const STDIN_NAME = 'standard input';

/** Names such as `/dev/stdin` stand for what a process has open: another file the next time. */
const OF_SYSTEM = /^\/(?:proc|dev)\/(?!shm\/)/;

/** Why what can be read only once is not checked before it is sent. */
export const readTwiceError = (name: string) =>
  new InputError(`--check reads files twice, which ${name} cannot be.`);

/** The rows of a piece are made all at once: of 64 KiB they take 5 MB more. */
const READ_BYTES = 16 * 1024;

export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1251', 'windows-1252'] as const;

export type Encoding = (typeof ENCODINGS)[number];

/**
 * @param path a file, or `-` for standard input; what begins as gzip does is decompressed
 * @param signal ends reading with its reason, also where nothing comes
 */
export async function openText(
  path: string,
  encoding: Encoding,
  signal?: AbortSignal,
): Promise<TextSource> {
  const found = path === STDIN ? undefined : await stat(path);
  const isFile = found?.isFile() === true && !OF_SYSTEM.test(resolve(path));
  let readBytes = 0;
  const name = path === STDIN ? STDIN_NAME : path;
  async function* counted() {
    const chunks =
      path === STDIN
        ? process.stdin
        : createReadStream(path, { highWaterMark: READ_BYTES, ...(isFile && endOf(found)) });
    for await (const chunk of stoppable(chunks, signal)) {
      readBytes += chunk.length;
      yield chunk;
    }
  }
  return {
    name,
    file: isFile ? path : undefined,
    sizeBytes: isFile ? found.size : undefined,
    modifiedMs: isFile ? found.mtimeMs : undefined,
    get readBytes() {
      return readBytes;
    },
    text() {
      readBytes = 0;
      return decoded(decompressed(counted(), name), encoding, name);
    },
    async assertUnchanged() {
      if (!isFile) return;
      const { size, mtimeMs } = await stat(path);
      if (size === found.size && mtimeMs === found.mtimeMs) return;
      throw new InputError(`${name} has changed meanwhile: send it again when it is complete.`);
    },
  };
}

/** The pieces of a stream, which may wait for ever for one: a pipe that nobody writes into. */
async function* stoppable(stream: Readable, signal?: AbortSignal): AsyncGenerator<Buffer, void> {
  const pieces = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer, void>;
  try {
    for (;;) {
      const { value } = await orStopped(pieces.next(), signal);
      if (!value) return;
      yield value;
    }
  } finally {
    stream.destroy();
  }
}

function orStopped<T>(coming: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return coming;
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    coming.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/** Some file systems say 0 of what they have not read yet. */
const endOf = ({ size }: Stats) => size > 0 && { end: size - 1 };

/** What begins with gzip's two bytes, decompressed; all else as it is. */
async function* decompressed(
  chunks: AsyncGenerator<Buffer>,
  name: string,
): AsyncGenerator<Buffer, void> {
  const first = await chunks.next();
  if (first.done) return;
  async function* whole() {
    try {
      yield first.value as Buffer;
      yield* chunks;
    } finally {
      await chunks.return(undefined); // which has begun already, and may wait for more
    }
  }
  const [one, two] = first.value;
  if (one !== 0x1f || two !== 0x8b) return yield* whole();
  const gunzip = createGunzip();
  pipeline(Readable.from(whole()), gunzip, () => {}); // what fails is thrown by the loop
  try {
    yield* gunzip;
  } catch (cause) {
    const isZlib = cause instanceof Error && 'code' in cause && /^Z_/.test(String(cause.code));
    throw isZlib ? new InputError(`${name} is no whole gzip file.`, { cause }) : cause;
  }
}

async function* decoded(
  chunks: AsyncIterable<Buffer>,
  encoding: Encoding,
  name: string,
): AsyncGenerator<string, void> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let lines = 1;
  const decode = (chunk?: Buffer) => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      const others = ENCODINGS.filter((one) => one !== encoding).join(', ');
      throw new InputError(
        `${name} is no ${encoding} from about line ${lines} on: name its encoding with --encoding (${others}).`,
      );
    }
  };
  for await (const chunk of chunks) {
    const text = decode(chunk);
    yield text;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1;
  }
  yield decode();
}

const UTF_16 = new Set<Encoding>(['utf-16le', 'utf-16be']);

/**
 * Text in an encoding, for what is given back in the form in which it came. Of those that have
 * one byte a character every byte is decoded once, to know which character it stands for.
 */
export function encoderOf(encoding: Encoding): (text: string) => Buffer {
  if (encoding === 'utf-8') return (text) => Buffer.from(text);
  if (UTF_16.has(encoding)) {
    return (text) => {
      const bytes = Buffer.from(text, 'utf16le');
      return encoding === 'utf-16be' ? bytes.swap16() : bytes;
    };
  }
  const decoder = new TextDecoder(encoding);
  const bytes = Array.from({ length: 256 }, (_, byte) => byte);
  const byteOf = new Map(bytes.map((byte) => [decoder.decode(Uint8Array.of(byte)), byte]));
  const QUESTION_MARK = 0x3f;
  return (text) => Buffer.from([...text].map((one) => byteOf.get(one) ?? QUESTION_MARK));
}
