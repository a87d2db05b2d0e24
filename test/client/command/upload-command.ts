import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { createSellerKey } from '../../../cli/keys/seller-key.ts';
import type { Service } from '../../../local/service/service.ts';
import { compiledCode } from '../../helpers/compiled-code.ts';
import { emptyTables, ORDERS } from '../../helpers/empty-tables.ts';
import { startTestService } from '../../helpers/service.ts';
import { startUnsteadyProxy, type UnsteadyProxy } from '../unsteady-proxy.ts';

const MAIN = join(import.meta.dirname, '../../../client/src/command/main.ts');

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command as a process, against the very bundles, which have no orders before each test. */
export function useUploadCommand(folder: string) {
  let service: Service;
  let proxy: UnsteadyProxy;
  let db: pg.Client;
  let key: string;
  beforeAll(async () => {
    service = await startTestService();
    proxy = await startUnsteadyProxy(service.endpoints.api);
    db = new pg.Client(service.endpoints.postgres);
    await db.connect();
    key = await createSellerKey(service.endpoints, 'test_seller');
  });
  beforeEach(() => emptyTables(db, ORDERS));
  afterEach(async () => {
    proxy.onRequest = () => {};
    await proxy.idle(); // a killed process may have sent something
  });
  afterAll(async () => {
    await db.end();
    await proxy[Symbol.asyncDispose]();
    await service[Symbol.asyncDispose]();
  });

  return {
    /** Between the command and the service. */
    proxy: () => proxy,
    db: () => db,
    key: () => key,

    /**
     * @param begun told of the process when it runs
     * @param isInputOpen whether more than `input` may come
     */
    async run(
      args: readonly string[],
      { env = {}, input = '', isInputOpen = false, begun = (_child: ChildProcess) => {} } = {},
    ): Promise<Ended> {
      const child = spawn(process.execPath, [MAIN, 'upload', ...args], {
        cwd: folder,
        env: {
          ORDER_ANALYTICS_URL: proxy.endpoint,
          ORDER_ANALYTICS_KEY: key,
          ...compiledCode(),
          ...env,
        },
      });
      begun(child);
      child.stdin.write(input);
      if (!isInputOpen) child.stdin.end();
      const ended = new Promise<Pick<Ended, 'code' | 'signal'>>((resolve) => {
        child.once('exit', (code, signal) => resolve({ code, signal }));
      });
      const outputs = [text(child.stdout), text(child.stderr)] as const;
      const [stdout, stderr, how] = await Promise.all([...outputs, ended]);
      return { ...how, stdout, stderr };
    },
  };
}
