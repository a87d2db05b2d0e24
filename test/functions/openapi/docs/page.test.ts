import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ApiDocument } from '../../../../functions/openapi/docs/api-document.ts';
import { listOperations } from '../../../../functions/openapi/docs/api-document.ts';
import { docsPage } from '../../../../functions/openapi/docs/page.ts';
import { handler } from '../../../../functions/openapi/handler.ts';
import { PROBLEM_STATUSES } from '../../../../functions/shared/problem.ts';
import { PROBLEM_CODES } from '../../../../functions/shared/problem-codes.ts';
import { problemType } from '../../../../functions/shared/problem-type.ts';
import { readText } from '../../../architecture/source-files.ts';
import { apiEvent } from '../../../helpers/events.ts';

const document: ApiDocument = JSON.parse(readText('docs/openapi.json'));

const { headers = {}, body: page = '' } = await handler(apiEvent({ routeKey: 'GET /api/docs' }));

const idsOn = (html: string) => [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);

/** What stands between a section's beginning and its end. */
function sectionOf(id: string): string {
  const [, rest = ''] = page.split(` id="${id}">`);
  return rest.split('</section>')[0] ?? '';
}

describe('GET /api/docs', () => {
  it('has a section for every type that a problem can have, and no two of one id', () => {
    const types = [
      ...PROBLEM_STATUSES.map((status) => problemType(status)),
      ...PROBLEM_CODES.map((code) => problemType(400, code)),
    ];
    const ids = idsOn(page);
    expect(types.filter((type) => !ids.includes(type.replace('/api/docs#', '')))).toEqual([]);
    expect(ids).toEqual([...new Set(ids)]);
  });

  it('says of every problem what it means, what its answer is like and what to do', () => {
    for (const code of PROBLEM_CODES) {
      const section = sectionOf(code);
      expect(section).toContain(`<code>${code}</code>`);
      expect(section).toContain(`&quot;type&quot;: &quot;/api/docs#${code}&quot;`);
      expect(section).toContain('What to do:');
    }
    for (const status of PROBLEM_STATUSES) {
      const section = sectionOf(`status-${status}`);
      expect(section).toContain(`<h4>${status} `);
      expect(section).toMatch(/<pre|With these codes/);
      expect(section).toContain('What to do:');
    }
  });

  it('has every status that the document has, and every route of it', () => {
    const ids = idsOn(page);
    for (const { operationId, responses } of listOperations(document)) {
      expect(ids).toContain(operationId);
      const statuses = Object.keys(responses).filter((status) => Number(status) >= 400);
      for (const status of statuses) expect(ids).toContain(`status-${status}`);
    }
  });

  it('leads nowhere where there is nothing, and has no scripts and nothing from elsewhere', () => {
    const ids = idsOn(page);
    const links = [...page.matchAll(/ href="([^"]*)"/g)].map(([, href = '']) => href);
    const within = links.filter((href) => href.startsWith('#')).map((href) => href.slice(1));
    expect(within.filter((id) => !ids.includes(id))).toEqual([]);
    expect(page).not.toMatch(/<script|<img|<iframe|<link rel="stylesheet"| src=| on\w+="/);
  });

  it('names no two regions alike', () => {
    const labels = [...page.matchAll(/ aria-label="([^"]*)"/g)].map(([, label]) => label);
    expect(labels.length).toBeGreaterThan(20);
    expect(labels).toEqual([...new Set(labels)]);
  });

  it('has strict headers, whose policy names its one stylesheet, and may be kept as the document', async () => {
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=UTF-8',
      'cache-control': 'public, max-age=300',
      'x-content-type-options': 'nosniff',
    });
    const [, style = ''] = /<style>(.*?)<\/style>/s.exec(page) ?? [];
    const sha256 = createHash('sha256').update(style).digest('base64');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain(`default-src 'none'; style-src 'sha256-${sha256}'`);
    expect(policy).not.toMatch(/unsafe|script-src/);
    const known = { 'if-none-match': String(headers.etag) };
    const again = await handler(apiEvent({ routeKey: 'GET /api/docs', headers: known }));
    expect(again.statusCode).toBe(304);
  });

  it('shows HTML in descriptions as text', () => {
    const info = { ...document.info, description: 'a <b>c</b>\n\n<script>d</script>' };
    const html = docsPage({ ...document, info });
    expect(html).toContain('a &lt;b&gt;c&lt;/b&gt;');
    expect(html).toContain('&lt;script&gt;d&lt;/script&gt;');
  });

  it('shows amounts with both decimals, which the document has lost', () => {
    expect(sectionOf('getStats')).toContain('&quot;total_revenue&quot;: 12345.67');
    expect(sectionOf('getDailyStats')).toContain('&quot;total_revenue&quot;: 2500.00');
  });
});
