import { ResourceExistsException, SecretsManager } from '@aws-sdk/client-secrets-manager';
import type { LoginPassword } from '../../db/roles/apply-roles.ts';
import type { LoginKind } from './login.ts';

const client = new SecretsManager();

/** A secret in a rotation: its current version and the one that is to come. */
export class RotatedSecret {
  readonly #arn: string;
  readonly #token: string;
  readonly #kind: LoginKind;

  constructor(arn: string, token: string, kind: LoginKind) {
    this.#arn = arn;
    this.#token = token;
    this.#kind = kind;
  }

  /** @throws when this version is not of a rotation that has begun */
  async isFinished(): Promise<boolean> {
    const labels = (await this.#labels())[this.#token];
    if (labels?.includes('AWSCURRENT')) return true;
    if (labels?.includes('AWSPENDING')) return false;
    throw new Error(`The version ${this.#token} is not of a rotation that has begun.`);
  }

  /**
   * Puts the login that is to come, unless an earlier try has put one, which must still fit.
   *
   * @throws when the secret holds no login of its kind
   */
  async putNext(): Promise<void> {
    await this.#putPending(this.#kind.next(await this.#current()));
    await this.pending();
  }

  /**
   * The login that is to come. A version keeps the value that an earlier try has put. Where this is
   * not one that may follow the current login, because somebody has changed the secret meanwhile,
   * each try would fail, and a new password would be one for the login in use: the rotation is
   * given up then, so that another can begin.
   *
   * @throws when it is given up
   */
  async pending(): Promise<LoginPassword> {
    const current = await this.#current();
    const login = await this.#find({ VersionId: this.#token, VersionStage: 'AWSPENDING' });
    if (login && this.#kind.isNext(login, current)) return login;
    await this.#move('AWSPENDING', undefined, this.#token);
    throw new Error(
      `The version ${this.#token} does not hold ${this.#kind.successor} ${current.username}: its rotation is given up.`,
    );
  }

  async #putPending(login: LoginPassword): Promise<void> {
    try {
      await client.putSecretValue({
        SecretId: this.#arn,
        ClientRequestToken: this.#token,
        SecretString: JSON.stringify(login),
        VersionStages: ['AWSPENDING'],
      });
    } catch (error) {
      if (!(error instanceof ResourceExistsException)) throw error;
    }
  }

  /** Makes the version that was to come the current one; undoes that when `test` fails. */
  async finish(test: () => Promise<void>): Promise<void> {
    await this.#testOrReturnTo(await this.switchOver(), test);
  }

  /** Makes the version that was to come the current one; which it was before is the answer. */
  async switchOver(): Promise<string | undefined> {
    const before = await this.#versionWith('AWSCURRENT');
    await this.#move('AWSCURRENT', this.#token, before);
    return before;
  }

  /**
   * Of a version that is the current one already; who made it so may have had no time for the test.
   */
  async confirm(test: () => Promise<void>): Promise<void> {
    await this.#testOrReturnTo(await this.#versionWith('AWSPREVIOUS'), test);
  }

  async #testOrReturnTo(before: string | undefined, test: () => Promise<void>): Promise<void> {
    try {
      await test();
    } catch (error) {
      if (before) await this.#move('AWSCURRENT', before, this.#token);
      throw error;
    }
  }

  async #current(): Promise<LoginPassword> {
    const login = await this.#find({ VersionStage: 'AWSCURRENT' });
    if (!login) throw new Error(`The secret ${this.#arn} holds no login of ${this.#kind.of}.`);
    return login;
  }

  #move(label: string, to: string | undefined, from: string | undefined) {
    return client.updateSecretVersionStage({
      SecretId: this.#arn,
      VersionStage: label,
      MoveToVersionId: to,
      RemoveFromVersionId: from,
    });
  }

  async #versionWith(label: string): Promise<string | undefined> {
    const versions = Object.entries(await this.#labels());
    return versions.find(([, labels]) => labels.includes(label))?.[0];
  }

  async #labels(): Promise<Record<string, string[]>> {
    const { VersionIdsToStages } = await client.describeSecret({ SecretId: this.#arn });
    return VersionIdsToStages ?? {};
  }

  async #find(version: { VersionId?: string; VersionStage: string }) {
    const { SecretString } = await client.getSecretValue({ SecretId: this.#arn, ...version });
    return this.#kind.find(SecretString);
  }
}
