/**
 * For how many seconds after a key has ended an upload that came with it may still be stored: as
 * long as API Gateway remembers a key, and the time of the function that it has let in by then.
 */
export const UPLOADS_END_WITHIN_S = 'UPLOADS_END_WITHIN_S';
