import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import { startDataApi } from '../local/data-api/server.ts';

// The Data API stand-in in a thread of its own, which measures itself when it is asked.

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const server = await startDataApi(workerData);
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
let since = performance.eventLoopUtilization();

parentPort?.on('message', async (question: 'load' | 'heap' | 'stop') => {
  if (question === 'stop') {
    await server[Symbol.asyncDispose]();
    parentPort?.close();
  } else if (question === 'heap') {
    collectGarbage();
    parentPort?.postMessage({ heapBytes: process.memoryUsage().heapUsed });
  } else {
    const { active } = performance.eventLoopUtilization(since);
    parentPort?.postMessage({ activeMs: active, longestDelayMs: delay.max / 1e6 });
    delay.reset();
    since = performance.eventLoopUtilization();
  }
});
parentPort?.postMessage({ endpoint: server.endpoint });
