import type { ProblemEntry, ProblemStatus } from '../../shared/problem.ts';
import type { ProblemCode } from '../../shared/problem-codes.ts';

/** What the page says of a code. Texts are CommonMark. */
export interface CodeText {
  readonly means: string;
  readonly fix: string;
  /** An answer in which it is the only code. */
  readonly example: {
    readonly status: ProblemStatus;
    readonly detail: string;
    readonly entry: Omit<ProblemEntry, 'code'>;
  };
}

/** In the order in which the page has them. */
export const CODE_TEXTS: Readonly<Record<ProblemCode, CodeText>> = {
  missing: {
    means: 'A field of the body, or a parameter, has to be there and is not.',
    fix: 'Send it. Names are compared letter by letter: `orderNumber` is not `order_number`.',
    example: upload({ pointer: '/orders/0/status', detail: 'Is missing.' }),
  },
  invalid_type: {
    means: 'A field is of another JSON type than it has to be, or a quantity is no whole number.',
    fix: 'Send the type that `detail` names. Texts are in quotes; `null` is no text and no number. Send a quantity in digits alone, as a number or as text.',
    example: upload({
      pointer: '/orders/0/status',
      detail: 'Must be a string, not a number.',
      value: '4',
    }),
  },
  too_short: {
    means: 'A text or a list is empty that must not be.',
    fix: 'Send something in it, or leave the parameter out. Where nothing is to be uploaded, send no upload.',
    example: {
      status: 400,
      detail: 'One error was found; nothing was stored.',
      entry: { pointer: '/orders', detail: 'Must have at least one order.' },
    },
  },
  too_long: {
    means: 'A text has more characters than its field or parameter may have.',
    fix: 'Shorten it, always in the same way for the same thing. `detail` says how long it may be; characters are counted, not bytes.',
    example: upload({
      pointer: '/orders/0/status',
      detail: 'Must have at most 20 characters.',
      value: 'waiting for the courier',
    }),
  },
  out_of_range: {
    means:
      'A number, an amount or a date is below or above what may be, or order numbers are more than a request may name.',
    fix: 'Send one within the limits that `detail` names. An amount that is too large is often one in cents.',
    example: upload({
      pointer: '/orders/0/items/0/quantity',
      detail: 'Must be from 0 to 2147483647.',
      value: '-1',
    }),
  },
  invalid_text: {
    means: 'A text has U+0000 or half of a surrogate pair, a parameter a % that encodes nothing.',
    fix: 'Remove it where your system reads the text. It often comes of cutting a text in the middle of an emoji. Send `%` in a parameter as `%25`.',
    example: upload({
      pointer: '/orders/0/items/0/name',
      detail: 'Must not contain U+0000 or half of a surrogate pair.',
      value: 'Tea\0',
    }),
  },
  invalid_amount: {
    means: 'An amount is not in decimal notation, or has more than two decimals.',
    fix: 'Send `12.50`, as a number or as text: with a point, without separators of thousands, exponent or currency.',
    example: upload({
      pointer: '/orders/0/total_amount',
      detail:
        'Must be a decimal number such as 1234.50, with a point, at most 2 decimals and no exponent.',
      value: '12,50',
    }),
  },
  invalid_date_time: {
    means: 'A time is no RFC 3339 date-time with its offset, or there is no such day or time.',
    fix: 'Send `2025-11-12T13:00:00+03:00`, or the same in UTC with `Z`. A local time needs its offset on that day.',
    example: upload({
      pointer: '/orders/0/created_at',
      detail:
        'Must be an existing date and time of the years 1970 to 9999 with its offset, such as 2025-11-12T10:00:00Z: between the date and the time must be a T.',
      value: '2025-11-12 10:00',
    }),
  },
  outer_space: {
    means: 'A name (order number, SKU, status, username) begins or ends with white space.',
    fix: 'Trim it. See [Names](#names) for what counts as white space.',
    example: upload({
      pointer: '/orders/0/status',
      detail: 'Must not begin or end with white space: has U+0020.',
      value: 'paid ',
    }),
  },
  invisible_character: {
    means: 'A name has a character that cannot be seen, so that it looks like another name.',
    fix: 'Remove the character that `detail` names. See [Names](#names) for those that may stay.',
    example: upload({
      pointer: '/orders/0/status',
      detail:
        'Must not have characters that cannot be seen, or spaces other than U+0020: has U+200B.',
      value: 'pa\u200bid',
    }),
  },
  invalid_date: {
    means: 'A parameter is no day, or there is no such day.',
    fix: 'Send a day that exists as `2025-11-12`.',
    example: query({
      pointer: '?from',
      detail: 'Must be a day of the years 1970 to 9999, such as 2025-11-12.',
      value: '2025-02-30',
    }),
  },
  invalid_choice: {
    means: 'A parameter is none of the values that it may be.',
    fix: 'Send one of those that `detail` names.',
    example: query({
      pointer: '?granularity',
      detail: 'Must be one of day, week, month.',
      value: 'year',
    }),
  },
  invalid: {
    means:
      "Something that people's programs send under `/admin` is not as it has to be. Sellers' routes do not answer it.",
    fix: 'Correct what `detail` names.',
    example: {
      status: 400,
      detail: 'The request does not fit.',
      entry: { pointer: '/seller', detail: 'Must be text without U+0000.' },
    },
  },
  unknown: {
    means:
      'There is no such parameter. A misspelt one would else change what is answered without a word.',
    fix: 'Correct its name, or leave it out. `detail` names those that there are.',
    example: query({
      pointer: '?form',
      detail: 'Is not a parameter here. Those are: user, from, to, status.',
    }),
  },
  too_many_buckets: {
    means: 'The period has more days, weeks or months than one answer may have.',
    fix: 'Ask for a shorter period, or for weeks or months, and put the answers together.',
    example: {
      status: 400,
      detail:
        'An answer has at most 400 buckets: ask for a shorter period or a coarser granularity.',
      entry: {
        pointer: '?from',
        detail:
          'An answer has at most 400 buckets: ask for a shorter period or a coarser granularity.',
      },
    },
  },
  duplicate: {
    means: 'An order number comes twice in one upload, or a parameter twice that may come once.',
    fix: 'Send each order once, as it is now: nobody could know which of two is meant.',
    example: upload(
      { pointer: '/orders/1/order_number', detail: 'Is the same as /orders/0/order_number.' },
      '12345',
    ),
  },
  taken: {
    means:
      'Another seller has an order with this number. Numbers are unique across the whole service.',
    fix: 'Prefix your numbers with a word of your own, such as `myshop-1001`, and keep to it. Nothing of the upload was stored.',
    example: {
      status: 409,
      detail:
        'Some order numbers are taken by another seller; nothing was stored. Numbers are unique across the whole service: prefix your numbers, for instance with the name of your shop.',
      entry: { detail: 'Is taken by another seller: prefix your numbers.', order_number: '12345' },
    },
  },
  invalid_utf8: {
    means: 'There are bytes that are no UTF-8, or U+FFFD (`�`), which stands where such were.',
    fix: 'Send UTF-8. Find out where your system reads a file or a table in another encoding than it has.',
    example: {
      status: 400,
      detail: 'The body is not UTF-8: send UTF-8. Nothing was stored.',
      entry: {
        pointer: '/orders/0/items/0/name',
        detail: 'Has bytes that are not UTF-8, or U+FFFD, which stands for them: send UTF-8.',
        order_number: '12345',
        value: 'Caf\ufffd',
      },
    },
  },
  empty_body: {
    means: 'The request has no body.',
    fix: 'Send the JSON as the body. With curl that is `-d` or `--data-binary @FILE`.',
    example: badBody('The body is empty.'),
  },
  invalid_json: {
    means: 'The body is no JSON.',
    fix: 'Make it with a JSON library. `detail` says where it breaks.',
    example: badBody(
      "The body is no JSON: Expected property name or '}' in JSON at position 1 (line 1 column 2).",
    ),
  },
  invalid_gzip: {
    means: 'The headers say gzip, and the body is not, or it was damaged on its way.',
    fix: 'Send gzip as `Content-Type: application/octet-stream` with `Content-Encoding: gzip`, as bytes and not as text.',
    example: badBody('The body is neither gzip data nor JSON.'),
  },
  too_many_values: {
    means: 'The body has far more values, arrays, objects or fields than orders need.',
    fix: 'Send fewer orders in an upload; some thousand are best. Leave out fields that the service ignores.',
    example: badBody('The body has more than 1900000 values.'),
  },
  invalid_idempotency_key: {
    means: 'The header `Idempotency-Key` is not as it may be.',
    fix: 'Send it once, with 1 to 255 characters of ASCII, in quotes where it has a space or a comma. A UUID that you keep with what you send is right.',
    example: whole(
      400,
      'The header Idempotency-Key must come once, with 1 to 255 characters of ASCII such as a UUID, in quotes where it has a space or a comma.',
    ),
  },
  idempotency_key_reused: {
    means: 'This `Idempotency-Key` came with another request before. Nothing was done.',
    fix: 'Make a new key for what is new, and use a key again only to send the very same again.',
    example: whole(
      422,
      'This Idempotency-Key came with another body before; nothing was stored. Send a new key with a new body.',
    ),
  },
  changed_since: {
    means:
      'Orders of the request that is to be undone were changed since by later ones. Nothing was undone.',
    fix: 'Undo the later requests first, the latest first, or send `conflicts=leave` to undo the rest.',
    example: {
      status: 409,
      detail:
        'Some orders were changed since by other requests; nothing was undone. Undo those first, the latest first, or send conflicts=leave to undo the rest.',
      entry: { detail: 'Was changed, deleted or created again since.', order_number: '12345' },
    },
  },
  too_old: {
    means: 'What the orders were before that request is no longer kept.',
    fix: 'Upload the orders as they have to be.',
    example: whole(
      409,
      'What the orders were before this upload is no longer kept; nothing was undone. Upload the orders as they have to be.',
    ),
  },
  answer_too_large: {
    means: 'The orders that were asked for, or tried, are more than one answer can hold or hash.',
    fix: 'Ask for fewer numbers or a shorter period, or try fewer orders, at once. In pages it is a single order: go on with `from` after its day, or read `GET /api/orders/changes`, which names it without its content.',
    example: whole(400, 'These orders are more than one answer can hold: ask for fewer at once.'),
  },
  invalid_cursor: {
    means: '`after` is not the `next` of a page of this seller.',
    fix: 'Send `next` as it came, percent-encoded as every parameter is, and keep it with the seller that it is of. Without `after` pages begin anew.',
    example: query({
      pointer: '?after',
      detail: 'Must be the `next` of the page before.',
      value: 'no-cursor',
    }),
  },
  cursor_from_another_database: {
    means:
      'The database was restored to an earlier moment since. What you have may not be what is stored.',
    fix: 'Read the changes from the beginning, without `after`, and forget the orders that do not come.',
    example: lost('The database was restored from a backup since.'),
  },
  cursor_too_old: {
    means: 'You had everything longer ago than deletions are remembered.',
    fix: 'Read the changes from the beginning, without `after`, and forget the orders that do not come.',
    example: lost('What was deleted since may no longer be known.'),
  },
};

/** Of an upload with one error. */
function upload(entry: Omit<ProblemEntry, 'code'>, order_number = '12345'): CodeText['example'] {
  return {
    status: 400,
    detail: 'One error was found; nothing was stored.',
    entry: { ...entry, order_number },
  };
}

function badBody(detail: string): CodeText['example'] {
  return { status: 400, detail: `${detail} Nothing was stored.`, entry: { pointer: '', detail } };
}

function query(entry: Omit<ProblemEntry, 'code'>): CodeText['example'] {
  return { status: 400, detail: 'A query parameter does not fit.', entry };
}

function whole(status: ProblemStatus, detail: string): CodeText['example'] {
  return { status, detail, entry: { detail } };
}

function lost(reason: string): CodeText['example'] {
  const detail = `${reason} Begin anew, without after, and forget the orders that do not come again.`;
  return { status: 409, detail, entry: { pointer: '?after', detail } };
}
