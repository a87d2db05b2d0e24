/** The command cannot do what it is asked: an option, a file or its form is not as it may be. */
export class InputError extends Error {
  override readonly name = 'InputError';
}
