import { STATUS_CODES } from 'node:http';
import type { Problem } from '../problem.ts';
import type { PageContext } from './context.ts';
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
  const { detail, errors = [], headers = {} } = problem.options;
  for (const [name, value] of Object.entries(headers)) c.header(name, value);
  const title = TITLES[problem.status] ?? STATUS_CODES[problem.status] ?? 'Error';
  const main = html`
    <section class="notice">
      <p class="notice-code">${problem.status}</p>
      <h1>${title}</h1>
      <p>${detail}</p>
      ${errors.length > 0 && html`<ul>${errors.map((error) => html`<li>${error.detail}</li>`)}</ul>`}
      ${problem.status >= 500 && html`<p class="muted">Request <code>${c.env.event.requestContext.requestId}</code>: the log has it under this id.</p>`}
      <p class="actions">
        ${problem.status >= 500 && html`<a class="button primary" href="">Try again</a>`}
        <a class="button" href="/admin/orders">All orders</a>
      </p>
    </section>`;
  return c.html(layout({ title, viewer: c.get('viewer'), main }), problem.status);
}

const TITLES: Readonly<Record<number, string>> = {
  404: 'Not found',
  500: 'Something failed on our side',
  503: 'The database is waking up',
};
