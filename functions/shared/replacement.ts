/** What decoders put in place of bytes that are no UTF-8; nobody means it. */
export const REPLACEMENT = '\ufffd';
