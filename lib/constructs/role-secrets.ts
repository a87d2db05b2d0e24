import { CrossStackReferences, ReferenceStrength } from 'aws-cdk-lib';
import type { ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { loginsOf, ROLE_NAMES, type RoleName } from '../../db/roles/names.ts';
import { LoginSecret } from './login-secret.ts';

/**
 * One secret for each database role: the login that its function uses now,
 * with a password that nobody has seen. The migrate function gives the login that password.
 */
export class RoleSecrets extends Construct {
  readonly #secrets: ReadonlyMap<RoleName, Secret>;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.#secrets = new Map(ROLE_NAMES.map((role) => [role, this.#createSecret(role)]));
  }

  get(role: RoleName): ISecret {
    return this.#secrets.get(role)!; // every role has one
  }

  get all(): readonly ISecret[] {
    return [...this.#secrets.values()];
  }

  #createSecret(role: RoleName): Secret {
    const secret = new LoginSecret(this, role, {
      name: `${pascalCase(role)}Login`,
      username: loginsOf(role)[0],
      of: `the database role ${role}`,
    });
    // A release with a role less takes its secret away before the function that read it: what
    // another stack imports CloudFormation would not let go.
    CrossStackReferences.of(secret).produce(ReferenceStrength.WEAK);
    return secret;
  }
}

/** `daily_stats` becomes `DailyStats`. */
function pascalCase(role: RoleName): string {
  return role.replaceAll(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
