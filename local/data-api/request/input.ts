import { DataApiError } from '../errors.ts';

type Members = Readonly<Record<string, unknown>>;

interface TextRules {
  readonly min?: number;
  readonly max?: number;
}

/**
 * Reads the members of a request as AWS's front end does: a member of another JSON type is a
 * SerializationException at once, a broken constraint is collected for one ValidationException.
 * Null is the same as absent; unknown members are ignored.
 */
export class Input {
  readonly #members: Members;
  readonly #broken: string[];

  /**
   * @param broken where refusals are collected; an object inside another shares the other's
   * @throws {DataApiError} SerializationException when the body is not an object
   */
  constructor(body: unknown, broken: string[] = []) {
    this.#members = asObject(body);
    this.#broken = broken;
  }

  text(name: string, rules: TextRules = {}): string | undefined {
    const value = this.#members[name] ?? undefined;
    if (value === undefined) return undefined;
    // A lone surrogate has no UTF-8: it would arrive as another character.
    if (typeof value !== 'string' || !value.isWellFormed()) throw notOfType(value, 'String');
    this.#checkLength(name, value, rules);
    return value;
  }

  requiredText(name: string, rules: TextRules = {}): string {
    const value = this.text(name, rules);
    if (value === undefined) this.#refuse(name, null, 'Member must not be null');
    return value ?? '';
  }

  flag(name: string): boolean {
    const value = this.#members[name] ?? false;
    if (typeof value !== 'boolean') throw notOfType(value, 'Boolean');
    return value;
  }

  choice<T extends string>(name: string, choices: readonly T[], path = name): T | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (choices.includes(value as T)) return value as T;
    this.#refuse(path, value, `Member must satisfy enum value set: [${choices.join(', ')}]`);
    return undefined;
  }

  list(name: string): readonly unknown[] {
    const value = this.#members[name] ?? [];
    if (!Array.isArray(value)) throw notOfType(value, 'List');
    return value;
  }

  object(name: string): Input {
    return this.item(this.#members[name] ?? {});
  }

  /** An object inside this one, such as a member of a list. */
  item(value: unknown): Input {
    return new Input(value, this.#broken);
  }

  raw(name: string): unknown {
    return this.#members[name];
  }

  /** @throws {DataApiError} ValidationException, naming all that was refused */
  throwIfRefused(): void {
    const count = this.#broken.length;
    if (count === 0) return;
    const summary = `${count} validation error${count > 1 ? 's' : ''} detected`;
    throw new DataApiError('ValidationException', `${summary}: ${this.#broken.join('; ')}`);
  }

  #refuse(name: string, value: string | null, constraint: string): void {
    const shown = value === null ? 'null' : `'${value}'`;
    this.#broken.push(`Value ${shown} at '${name}' failed to satisfy constraint: ${constraint}`);
  }

  #checkLength(name: string, value: string, { min = 0, max }: TextRules): void {
    const bound = (word: string, limit: number) =>
      this.#refuse(name, value, `Member must have length ${word} than or equal to ${limit}`);
    if (value.length < min) bound('greater', min);
    if (max !== undefined && value.length > max) bound('less', max);
  }
}

function asObject(value: unknown): Members {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Members;
  throw notOfType(value, 'Structure');
}

const notOfType = (value: unknown, type: string) =>
  new DataApiError(
    'SerializationException',
    `${jsonTypeOf(value)} can not be converted to ${type}`,
  );

function jsonTypeOf(value: unknown): string {
  if (value === null) return 'NULL_VALUE';
  if (Array.isArray(value)) return 'START_ARRAY';
  if (typeof value === 'object') return 'START_OBJECT';
  return `${typeof value}_VALUE`.toUpperCase();
}
