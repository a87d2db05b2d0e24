/** The service, or a part of it, refused or failed; the message is all that people are told. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  /** Of the HTTP answer, where that is what refused. */
  readonly status: number | undefined;

  constructor(
    message: string,
    { status, cause }: { readonly status?: number; readonly cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.status = status;
  }
}
