/** What a deploy was told by `-c` cannot be; the message is all that a person needs of it. */
export class DeployOptionError extends Error {
  override readonly name: string = 'DeployOptionError';
}
