/**
 * What has been found otherwise than declared, in all tries together: one whose answer was lost has
 * put it right, and the next one finds it so.
 */
export class FoundOtherwise {
  /** Names of roles and logins. */
  readonly amended = new Set<string>();
  /** Their object ids. */
  readonly largeObjects = new Set<number>();
}
