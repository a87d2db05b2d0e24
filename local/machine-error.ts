/**
 * Something on this machine is in the way that a person can put right;
 * the message says what, in a sentence.
 */
export class MachineError extends Error {
  override readonly name = 'MachineError';
}
