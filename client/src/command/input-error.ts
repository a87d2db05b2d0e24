/** The command cannot do what it is asked: an option, a file or its form is not as it may be. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/**
 * What `work` on a file comes to.
 *
 * @throws {InputError} that names the file: there may be many
 */
export async function ofFile<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof InputError) || error.message.includes(name)) throw error;
    throw new InputError(`${name}: ${error.message}`, { cause: error });
  }
}
