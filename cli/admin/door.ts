import type { IncomingMessage } from 'node:http';
import { readBody } from './body.ts';
import type { Page } from './page.ts';

/** A code is 32 characters. */
const MAX_FORM_BYTES = 1024;

/** The page that asks for the code, for people who type or paste it. */
export const ASKING: Page = {
  status: 200,
  title: 'The admin',
  sentences: ['The terminal that started the admin shows the code. It works once.'],
  asksForCode: true,
};

/** The same at the address of a page. */
export const ASKING_FOR_PAGE: Page = {
  ...ASKING,
  status: 403,
  title: 'Not let in yet',
  sentences: [...ASKING.sentences, 'The page that you asked for opens then.'],
};

export const WRONG_CODE: Page = {
  ...ASKING,
  status: 403,
  title: 'This code does not work',
  sentences: [
    'It was used already, or belongs to an admin that has ended.',
    'The terminal that started the admin shows the next one.',
  ],
};

/** The code in a form, without the white space that comes along when it is pasted. */
export async function readCode(message: IncomingMessage): Promise<string> {
  const body = await readBody(message, MAX_FORM_BYTES);
  return new URLSearchParams(body?.toString()).get('code')?.trim() ?? '';
}
