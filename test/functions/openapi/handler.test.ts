import { describe, expect, it } from 'vitest';
import { handler } from '../../../functions/openapi/handler.ts';
import { readText } from '../../architecture/source-files.ts';
import { apiEvent } from '../../helpers/events.ts';

const ask = (headers: Record<string, string> = {}) => handler(apiEvent({ headers }));

describe('GET /api/openapi.json', () => {
  it('answers the document that is checked in', async () => {
    const { statusCode, headers, body = '' } = await ask();
    expect([statusCode, headers?.['content-type']]).toEqual([200, 'application/json']);
    expect(JSON.parse(body)).toEqual(JSON.parse(readText('docs/openapi.json')));
  });

  it('answers 304 without a body to who has it', async () => {
    const { headers } = await ask();
    const etag = String(headers?.etag);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      expect(await ask({ 'if-none-match': known })).toEqual({
        statusCode: 304,
        headers: { etag, 'cache-control': 'public, max-age=300' },
      });
    }
    expect(await ask({ 'if-none-match': '"other"' })).toMatchObject({ statusCode: 200 });
  });
});
