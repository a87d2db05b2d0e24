import { randomBytes } from 'node:crypto';
import type { LoginPassword } from '../../db/roles/apply-roles.ts';
import { findRoleOfLogin, loginsOf } from '../../db/roles/names.ts';
import { findRoleLogin, secretFields } from '../shared/role-login.ts';

/** Whose login a secret holds, and which login may take its place. */
export interface LoginKind {
  /** Whose, in words. */
  readonly of: string;
  /** What may take its place, in words. */
  readonly successor: string;
  /** The login, with all else that the text has; `undefined` when it is none of this kind. */
  find(text: string | undefined): LoginPassword | undefined;
  next(current: LoginPassword): LoginPassword;
  isNext(login: LoginPassword, current: LoginPassword): boolean;
}

/** A role has two logins, of which the other one follows. */
export const ROLE_LOGIN: LoginKind = {
  of: 'a role',
  successor: 'the other login than',
  find: findRoleLogin,
  next: ({ username }) => ({ username: otherLogin(username), password: newPassword() }),
  isNext: (login, current) => login.username === otherLogin(current.username),
};

/** The owner has one. RDS keeps in its secret, too, where the cluster is. */
export const OWNER_LOGIN: LoginKind = {
  of: 'the owner',
  successor: 'a new password of',
  find(text) {
    const { username, password, ...others } = secretFields(text);
    const isOwner = typeof username === 'string' && findRoleOfLogin(username) === undefined;
    if (!isOwner || typeof password !== 'string' || password === '') return undefined;
    return { ...others, username, password };
  },
  next: (current) => ({ ...current, password: newPassword() }),
  isNext: ({ username, password }, current) =>
    username === current.username && password !== current.password,
};

/** 240 random bits, in characters that RDS takes as well. */
function newPassword(): string {
  return randomBytes(30).toString('base64url');
}

function otherLogin(username: string): string {
  const role = findRoleOfLogin(username);
  if (!role) throw new Error(`${username} is no login of a role.`);
  const [first, second] = loginsOf(role);
  return username === first ? second : first;
}
