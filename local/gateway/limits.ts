/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
export const REQUEST_LINE_AND_HEADERS_BYTES = 10_240;
/** API Gateway's "10 MB", of a request's body. */
export const PAYLOAD_BYTES = 10 * 1024 * 1024;
/** How long a function may take, in milliseconds. */
export const INTEGRATION_MS = 30_000;
/** How long an authorizer may take, in milliseconds. */
export const AUTHORIZER_MS = 10_000;
