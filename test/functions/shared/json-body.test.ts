import middy from '@middy/core';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { parseKeyRequest } from '../../../functions/keys/input.ts';
import { jsonBody } from '../../../functions/shared/json-body.ts';
import type { Problem } from '../../../functions/shared/problem.ts';
import { apiEvent } from '../../helpers/events.ts';

const handler = middy(async (event: APIGatewayProxyEventV2) => parseKeyRequest(event.body)).use(
  jsonBody(),
);

async function problemOf(body: Buffer): Promise<Problem> {
  const event = apiEvent({
    headers: { 'content-type': 'application/json' },
    body: body.toString('base64'),
    isBase64Encoded: true,
  });
  event.requestContext.http.method = 'POST';
  return handler(event, {} as Context).then(
    () => expect.fail('The body was accepted.'),
    (error) => error,
  );
}

describe("a key's JSON", () => {
  it.each(['user', 'label'])('is refused with a %s that is not UTF-8', async (field) => {
    const [before = '', after = ''] = JSON.stringify({ user: 'x', [field]: '?' }).split('?');
    const bytes = Buffer.concat([Buffer.from(before), Buffer.from([0xc0]), Buffer.from(after)]);
    const { status, options } = await problemOf(bytes);
    expect(status).toBe(400);
    expect(options.errors).toMatchObject([
      { pointer: `/${field}`, detail: 'Has bytes that are not UTF-8: send UTF-8.' },
    ]);
  });

  it('is read up to 64 KiB', async () => {
    const scopes = Array.from({ length: 40_000 }, () => 0);
    const { status, message } = await problemOf(Buffer.from(JSON.stringify({ user: 'x', scopes })));
    expect(status).toBe(413);
    expect(message).toContain('65536');
  });
});
