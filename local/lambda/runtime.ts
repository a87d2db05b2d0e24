import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import type { Context } from 'aws-lambda';
import { loadModule } from './load-module.ts';
import type { FunctionError, InvokeMessage, ResourceUsage, WorkerMessage } from './protocol.ts';

// Stands in for Lambda's Node.js runtime, in the process that runs a function: imports the bundle
// once and answers one invocation at a time. It leaves out response streaming, extensions, layers,
// SnapStart and callbacks (nodejs24.x has none).

type Handler = (event: unknown, context: Context) => unknown;

process.once('disconnect', () => process.exit()); // whoever started this is gone

const send = process.send?.bind(process);
process.send = undefined; // a function has none on Lambda, and could speak out of turn here
delete process.env.NODE_COMPILE_CACHE; // nor this

try {
  const handler = await loadHandler();
  process.on('message', (message: InvokeMessage) => void invoke(handler, message));
  tell({ kind: 'ready' });
  flushCompileCache(); // at its exit it would be too late: it is killed
} catch (error) {
  tell({ kind: 'error', error: describe(error) });
}

async function loadHandler(): Promise<Handler> {
  const [file = '', name = ''] = (process.env._HANDLER ?? '').split('.');
  const module = await loadModule(join(process.env.LAMBDA_TASK_ROOT ?? '', file));
  const handler = module[name];
  if (typeof handler !== 'function') {
    throw Object.assign(new Error(`${file}.${name} is undefined or not exported`), {
      name: 'Runtime.HandlerNotFound',
    });
  }
  return handler as Handler;
}

async function invoke(handler: Handler, message: InvokeMessage): Promise<void> {
  tell({ kind: 'begun' });
  try {
    const result = await handler(JSON.parse(message.event), contextOf(message));
    const json = JSON.stringify(result) ?? 'null';
    tell({ kind: 'result', json, ...usage() });
  } catch (error) {
    tell({ kind: 'error', error: describe(error) });
  }
}

function usage(): ResourceUsage {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  return { maxRssBytes: maxRSS * 1024, cpuMs: (userCPUTime + systemCPUTime) / 1_000 };
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
function contextOf({ requestId, deadlineAt, functionArn }: InvokeMessage): Context {
  const noCallbacks = () => {
    throw new Error('This runtime has no callbacks: return a value or throw.');
  };
  return {
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME ?? '',
    functionVersion: '$LATEST',
    invokedFunctionArn: functionArn,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? '',
    awsRequestId: requestId,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME ?? '',
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME ?? '',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadlineAt - Date.now()),
    done: noCallbacks,
    fail: noCallbacks,
    succeed: noCallbacks,
  };
}

function describe(error: unknown): FunctionError {
  if (!(error instanceof Error)) {
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  }
  return {
    errorType: error.name,
    errorMessage: error.message,
    trace: error.stack?.split('\n') ?? [],
  };
}

function tell(message: WorkerMessage): void {
  send?.(message);
}
