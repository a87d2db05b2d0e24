import { AwsJsonError } from '../aws/aws-json.ts';
import { secretName } from './secret-name.ts';

/** One value that a secret has or had. */
interface Version {
  /** `undefined` in a rotation that has begun and has not put its value yet. */
  value: string | undefined;
  readonly stages: Set<string>;
}

const CURRENT = 'AWSCURRENT';
const PREVIOUS = 'AWSPREVIOUS';
const PENDING = 'AWSPENDING';

/**
 * A secret's versions and the labels on them. A label is on one version at a time,
 * and the version that loses AWSCURRENT gets AWSPREVIOUS.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
 */
export class Secret {
  readonly arn: string;
  readonly #versions = new Map<string, Version>();

  constructor(arn: string) {
    this.arn = arn;
  }

  get name(): string {
    return secretName(this.arn);
  }

  /** Each version's labels, those without any left out: Secrets Manager forgets these. */
  get stagesByVersion(): Record<string, string[]> {
    const labelled = [...this.#versions].filter(([, { stages }]) => stages.size > 0);
    return Object.fromEntries(labelled.map(([id, { stages }]) => [id, [...stages]]));
  }

  /** The version of a rotation that has begun and is not complete; also one that has failed. */
  get unfinished(): string | undefined {
    const pending = this.#holderOf(PENDING);
    return pending === this.#holderOf(CURRENT) ? undefined : pending;
  }

  /** What it holds; nothing, when its version has no value yet. */
  get currentValue(): string | undefined {
    return this.#versions.get(this.#holderOf(CURRENT) ?? '')?.value;
  }

  isCurrent(versionId: string): boolean {
    return versionId === this.#holderOf(CURRENT);
  }

  /** @throws {AwsJsonError} when there is no such version, or no value in it yet */
  get(versionId?: string, stage?: string) {
    const asked = stage ?? (versionId ? undefined : CURRENT);
    const id = versionId ?? this.#holderOf(asked!);
    const version = id === undefined ? undefined : this.#versions.get(id);
    if (version?.value === undefined || id === undefined) {
      const which = versionId ? `VersionId: ${versionId}` : `staging label: ${asked}`;
      throw notFound(`Secrets Manager can't find the specified secret value for ${which}`);
    }
    if (asked && !version.stages.has(asked)) {
      throw new AwsJsonError(
        'InvalidRequestException',
        'You provided a VersionStage that is not associated to the provided VersionId.',
      );
    }
    return { versionId: id, value: version.value, stages: [...version.stages] };
  }

  /**
   * Puts a value under a version's id; doing it again is fine.
   *
   * @throws {AwsJsonError} when that version has another value
   */
  put(versionId: string, value: string, stages: readonly string[]): void {
    const version = this.#versions.get(versionId) ?? { value: undefined, stages: new Set() };
    if (version.value !== undefined && version.value !== value) {
      throw new AwsJsonError(
        'ResourceExistsException',
        `You can't use ClientRequestToken ${versionId} because that value is already in use for a version of secret ${this.arn}.`,
      );
    }
    version.value = value;
    this.#versions.set(versionId, version);
    for (const stage of stages) this.#label(stage, versionId);
  }

  /**
   * Makes the version without a value that a rotation begins with;
   * it keeps one that an earlier try has put.
   */
  begin(versionId: string): void {
    if (!this.#versions.has(versionId)) {
      this.#versions.set(versionId, { value: undefined, stages: new Set() });
    }
    this.#label(PENDING, versionId);
  }

  /** @throws {AwsJsonError} when the label is on another version than `from` */
  move(stage: string, to: string | undefined, from: string | undefined): void {
    for (const id of [to, from]) {
      if (id !== undefined && !this.#versions.has(id)) {
        throw notFound(
          `Secrets Manager can't find the specified secret version for VersionId: ${id}`,
        );
      }
    }
    const holder = this.#holderOf(stage);
    if (from !== holder && holder !== to) {
      throw new AwsJsonError(
        'InvalidParameterException',
        `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${holder}, so you must explicitly reference that version in RemoveFromVersionId.`,
      );
    }
    if (to === undefined) this.#versions.get(from ?? '')?.stages.delete(stage);
    else this.#label(stage, to);
  }

  #holderOf(stage: string): string | undefined {
    return [...this.#versions].find(([, { stages }]) => stages.has(stage))?.[0];
  }

  #label(stage: string, versionId: string): void {
    const holder = this.#holderOf(stage);
    if (holder === versionId) return;
    if (holder !== undefined) {
      this.#versions.get(holder)?.stages.delete(stage);
      if (stage === CURRENT) this.#label(PREVIOUS, holder);
    }
    this.#versions.get(versionId)?.stages.add(stage);
    if (stage === CURRENT) this.#versions.get(versionId)?.stages.delete(PREVIOUS);
  }
}

export const notFound = (message: string) => new AwsJsonError('ResourceNotFoundException', message);
