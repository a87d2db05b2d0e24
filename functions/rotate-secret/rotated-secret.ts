import { ResourceExistsException, SecretsManager } from '@aws-sdk/client-secrets-manager';
import type { LoginPassword } from '../../db/apply-roles.ts';
import { findRoleOfLogin } from '../../db/role-names.ts';

const client = new SecretsManager();

/** A secret in a rotation: its current version and the one that is to come. */
export class RotatedSecret {
  readonly #arn: string;
  readonly #token: string;

  constructor(arn: string, token: string) {
    this.#arn = arn;
    this.#token = token;
  }

  /** @throws when this version is not of a rotation that has begun */
  async isFinished(): Promise<boolean> {
    const labels = (await this.#labels())[this.#token];
    if (labels?.includes('AWSCURRENT')) return true;
    if (labels?.includes('AWSPENDING')) return false;
    throw new Error(`The version ${this.#token} is not of a rotation that has begun.`);
  }

  current(): Promise<LoginPassword> {
    return this.#read({ VersionStage: 'AWSCURRENT' });
  }

  pending(): Promise<LoginPassword> {
    return this.#read({ VersionId: this.#token, VersionStage: 'AWSPENDING' });
  }

  /** Puts the login that is to come, unless an earlier try has put one. */
  async putPending(login: LoginPassword): Promise<void> {
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
    const labels = await this.#labels();
    const [before] = Object.entries(labels).find(([, on]) => on.includes('AWSCURRENT')) ?? [];
    await this.#moveCurrent(this.#token, before);
    try {
      await test();
    } catch (error) {
      await this.#moveCurrent(before, this.#token);
      throw error;
    }
  }

  #moveCurrent(to: string | undefined, from: string | undefined) {
    return client.updateSecretVersionStage({
      SecretId: this.#arn,
      VersionStage: 'AWSCURRENT',
      MoveToVersionId: to,
      RemoveFromVersionId: from,
    });
  }

  async #labels(): Promise<Record<string, string[]>> {
    const { VersionIdsToStages } = await client.describeSecret({ SecretId: this.#arn });
    return VersionIdsToStages ?? {};
  }

  async #read(version: { VersionId?: string; VersionStage: string }): Promise<LoginPassword> {
    const { SecretString = '{}' } = await client.getSecretValue({
      SecretId: this.#arn,
      ...version,
    });
    const { username, password } = JSON.parse(SecretString);
    if (!findRoleOfLogin(username) || !password) {
      throw new Error(`The secret ${this.#arn} holds no login of a role.`);
    }
    return { username, password };
  }
}
