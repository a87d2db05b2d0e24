import { mockClient } from 'aws-sdk-client-mock';
import { afterAll } from 'vitest';

/**
 * `mockClient` until the file's end: the class of a client is that of every file which runs in the
 * same process.
 */
export const useMockedClient: typeof mockClient = (client, options) => {
  const mocked = mockClient(client, options);
  afterAll(() => mocked.restore());
  return mocked;
};
