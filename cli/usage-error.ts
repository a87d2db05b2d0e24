/** What a person did or can put right; its message is all that they are told. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
