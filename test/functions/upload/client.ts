import { AsyncLocalStorage } from 'node:async_hooks';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { vi } from 'vitest';
import { documented } from '../../helpers/contract/documented.ts';
import { lambdaContext, uploadEvent } from '../../helpers/events.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Sends an event, or an upload as JSON, to the handler. */
export type Send = (
  upload: APIGatewayProxyEventV2 | { user: string; orders: readonly unknown[] },
  context?: Context,
) => Promise<Answer>;

/** @param environment the variables with which the handler finds the database */
export async function uploadClient(environment: Readonly<Record<string, string>>): Promise<Send> {
  Object.assign(process.env, environment);
  const { handler } = await import('../../../functions/upload/handler.ts');
  return async (upload, context = lambdaContext()) => {
    const event = 'requestContext' in upload ? upload : uploadEvent(upload);
    const answer = (await handler(event, context)) as {
      statusCode: number;
      headers: Record<string, string>;
      body: string;
    };
    const { statusCode, headers, body } = documented(event, answer);
    return { status: statusCode, headers, body: JSON.parse(body) };
  };
}

/** Where the text of a piece of work goes, as several may go on at a time. */
const written = new AsyncLocalStorage<string[]>();
let works = 0;

/** What `work` comes to and the lines that it logged. */
export async function logged<T>(
  work: () => Promise<T>,
): Promise<{ result: T; log: Record<string, unknown>[] }> {
  const texts: string[] = [];
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      written.getStore()?.push(String(chunk));
      return true;
    }),
  );
  works++;
  try {
    const result = await written.run(texts, work);
    const lines = texts
      .join('')
      .split('\n')
      .filter((line) => line.startsWith('{'));
    return { result, log: lines.map((line) => JSON.parse(line)) };
  } finally {
    works--;
    if (works === 0) for (const spy of spies) spy.mockRestore();
  }
}
