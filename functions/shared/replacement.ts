/** What decoders put in place of bytes that are no UTF-8; nobody means it. */
export const REPLACEMENT = '\ufffd';

/** What is said of a text with it. */
export const NOT_UTF8 = 'Has bytes that are not UTF-8: send UTF-8.';
