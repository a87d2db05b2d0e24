import type { LoginPassword } from '../../db/roles/apply-roles.ts';

/** What Secrets Manager asks for in a rotation, one after the other. */
export interface RotationSteps {
  createSecret(): Promise<void>;
  setSecret(): Promise<void>;
  testSecret(): Promise<void>;
  finishSecret(): Promise<void>;
  /** Of a version that is the current one already, whose test may not have been made. */
  confirm(): Promise<void>;
}

/** The database as the steps need it, asked again while it fails for a passing reason. */
export interface RotationDatabase {
  /** As the owner. */
  setPassword(login: LoginPassword): Promise<void>;
  /** Whether a login is there with its role's rights, as the owner sees it. */
  canLogIn(username: string): Promise<boolean>;
  /** @throws when the secret's current login cannot use the database */
  tryCurrent(): Promise<void>;
}
