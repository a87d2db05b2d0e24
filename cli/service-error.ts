/** The service, or a part of it, refused or failed; the message is all that people are told. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
}
