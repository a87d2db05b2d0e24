import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { beforeAll, describe, expect, it } from 'vitest';
import { compressLargeAnswer } from '../../../functions/shared/compressed-answer.ts';
import { logger } from '../../../functions/shared/logger.ts';
import { problemDetails } from '../../../functions/shared/problem-details.ts';
import { apiEvent, lambdaContext } from '../../helpers/events.ts';

beforeAll(() => logger.setLogLevel('SILENT'));

/** What becomes of an answer with this body. */
async function answered(body: string, acceptEncoding?: string) {
  const handler = middy(
    async (_: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => ({
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      body,
    }),
  )
    .use(problemDetails())
    .use(compressLargeAnswer());
  const headers = acceptEncoding === undefined ? {} : { 'accept-encoding': acceptEncoding };
  return (await handler(
    apiEvent({ headers }),
    lambdaContext(),
  )) as APIGatewayProxyStructuredResultV2;
}

describe('an answer', () => {
  it('of less than Lambda takes is not compressed', async () => {
    const body = 'x'.repeat(5_700_000);
    expect(await answered(body, 'gzip')).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      body,
    });
  });

  it.each([
    ['of ASCII', 'x'.repeat(5_800_000)],
    ['of quotation marks, which Lambda escapes', '"'.repeat(2_900_000)],
    ['of characters of two bytes', 'я'.repeat(2_900_000)],
    ['of control characters', '\u0001'.repeat(970_000)],
  ])('of more, %s, is compressed for who takes that', async (_, body) => {
    for (const taken of ['gzip', 'br, GZIP', 'gzip;q=0.5', 'deflate, x-gzip ; q=1']) {
      const answer = await answered(body, taken);
      expect(answer).toMatchObject({
        statusCode: 200,
        isBase64Encoded: true,
        headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      });
      expect(gunzipSync(Buffer.from(answer.body ?? '', 'base64')).toString() === body).toBe(true);
    }
    for (const refused of [undefined, '', 'br', 'gzip;q=0', 'notgzip']) {
      expect(await answered(body, refused)).toMatchObject({ statusCode: 406 });
    }
  });

  it('of more also when compressed is refused', async () => {
    const body = randomBytes(4_500_000).toString('base64');
    const answer = await answered(body, 'gzip');
    expect(answer).toMatchObject({ statusCode: 400 });
    expect(JSON.parse(answer.body ?? '').errors[0].code).toBe('answer_too_large');
  });
});
