import { STATUS_CODES } from 'node:http';
import { DatabaseBusyError } from '../../../db/data-api/retry.ts';
import type { Problem } from '../problem.ts';
import type { PageContext, Way } from './context.ts';
import { html } from './html.ts';
import { layout } from './layout.ts';

/**
 * What went wrong, as a page that says where to go from there; to a program that asks for them, as
 * problem details.
 */
export function problemPage(c: PageContext, problem: Problem): Response | Promise<Response> {
  if (c.req.header('accept')?.includes('application/problem+json')) {
    const { body, headers: all } = problem.toResponse(c.env.event.requestContext.requestId);
    return c.body(body, problem.status, all);
  }
  const { errors = [], headers = {} } = problem.options;
  for (const [name, value] of Object.entries(headers)) c.header(name, value);
  const { title, detail } = wordsOf(problem, c.req.method);
  const isOurs = problem.status >= 500;
  const isThere = problem.status !== 404; // or there is nothing to go back to
  const back = (isThere && c.get('back')) || sectionOf(c.req.path);
  const main = html`
    <section class="notice">
      <p class="notice-code">${problem.status}</p>
      <h1>${title}</h1>
      <p>${detail}</p>
      ${errors.length > 0 && html`<ul>${errors.map((error) => html`<li>${error.detail}</li>`)}</ul>`}
      ${isOurs && html`<p class="muted">Request <code>${c.env.event.requestContext.requestId}</code>: the log has it under this id.</p>`}
      <p class="actions">
        ${isOurs && c.req.method === 'GET' && html`<a class="button primary" href="">Try again</a>`}
        <a class="button${!isOurs && ' primary'}" href="${back.href}">${back.text}</a>
      </p>
    </section>`;
  return c.html(layout({ title, viewer: c.get('viewer'), main }), problem.status);
}

interface Words {
  readonly title: string;
  readonly detail: string;
}

/** As people read it: what a problem says of the database is for programs. */
function wordsOf({ status, options }: Problem, method: string): Words {
  const { cause, detail } = options;
  if (!(cause instanceof DatabaseBusyError)) {
    return { title: TITLES[status] ?? STATUS_CODES[status] ?? 'Error', detail };
  }
  const after = method === 'GET' ? '' : SENT;
  return cause.reason === 'resuming'
    ? { title: 'The database is waking up', detail: WAKING + after }
    : { title: 'The database does not answer', detail: FAILING + after };
}

const WAKING =
  'It sleeps while nobody asks for anything, and needs up to half a minute to wake. Try again in a moment.';
const FAILING =
  'It is out of reach, or has too much to do just now. Try again; if this goes on for minutes, tell whoever runs the service.';
const SENT = ' Look first whether what you sent was done: it may have been.';

const TITLES: Readonly<Record<number, string>> = {
  400: 'This address does not fit',
  404: 'Not found',
  409: 'This cannot be done any more',
  500: 'Something failed on our side',
};

/** The first page of the section that an address is in. */
function sectionOf(path: string): Way {
  const [, name = ''] = /^\/admin\/(?:actions\/)?([^/]*)/.exec(path) ?? [];
  return SECTIONS.find(([names]) => names.test(name))?.[1] ?? ORDERS;
}

const ORDERS: Way = { href: '/admin/orders', text: 'All orders' };
const SECTIONS: readonly (readonly [RegExp, Way])[] = [
  [/^(sellers?|erase-seller|seller-note|keys)$/, { href: '/admin/sellers', text: 'All sellers' }],
  [/^(uploads|undo-upload)$/, { href: '/admin/uploads', text: 'All uploads' }],
  [/^runs$/, { href: '/admin/runs', text: 'All nightly runs' }],
  [/^audit$/, { href: '/admin/audit', text: 'The audit log' }],
];
