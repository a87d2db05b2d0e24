import { readdirSync, readFileSync } from 'node:fs';

/** The processor time that parts of a service have had until a moment. */
export interface CpuReading {
  /** The service itself: its gateway, its Data API and all other stand-ins. */
  readonly standInsMs: number;
  /** PostgreSQL's backends with their parallel workers, and the postmaster, which starts them. */
  readonly backendsMs: number;
  /** The upload function's processes, by their ids: one that idles too long is ended. */
  readonly workersMs: ReadonlyMap<number, number>;
}

/** `undefined` where the system does not tell: it is Linux that has `/proc`. */
export function readCpu(servicePid: number): CpuReading | undefined {
  if (process.platform !== 'linux') return undefined;
  const processes = listProcesses();
  const childrenOf = Map.groupBy(processes, ({ parentPid }) => parentPid);
  const parts = childrenOf.get(servicePid) ?? [];
  const postmaster = parts.find(({ name }) => name === 'postgres');
  const backends = (postmaster && childrenOf.get(postmaster.pid))?.filter(isBackend) ?? [];
  return {
    standInsMs: processes.find(({ pid }) => pid === servicePid)?.ownMs ?? Number.NaN,
    backendsMs: [...backends, postmaster].reduce(
      // What has ended, as parallel workers have, is with the postmaster from then on.
      (sum, part) => sum + (part ? part.ownMs + part.endedChildrenMs : 0),
      0,
    ),
    workersMs: new Map(parts.filter(isUploadWorker).map(({ pid, ownMs }) => [pid, ownMs])),
  };
}

/** The processor time of one process, in ms; finer than `readCpu`. `NaN` where nobody tells. */
export function processMs(pid: number): number {
  const [runNs] = readProc(pid, 'schedstat').split(' ');
  return runNs ? Number(runNs) / 1e6 : Number.NaN;
}

/** What was used between two readings. */
export function cpuBetween(before: CpuReading, after: CpuReading) {
  const { workersMs: earlier } = before;
  return {
    standInsMs: after.standInsMs - before.standInsMs,
    backendsMs: after.backendsMs - before.backendsMs,
    workersMs: [...after.workersMs].reduce(
      (sum, [pid, ms]) => sum + ms - (earlier.get(pid) ?? 0),
      0,
    ),
  };
}

/** Others, such as the checkpointer, have no address of a client in their titles. */
const isBackend = ({ pid }: Process) =>
  /^postgres: \S+ \S+ [\d.]+\(\d+\)/.test(readProc(pid, 'cmdline'));

const isUploadWorker = ({ pid }: Process) =>
  readProc(pid, 'environ').split('\0').includes('POWERTOOLS_SERVICE_NAME=upload');

interface Process {
  readonly pid: number;
  readonly name: string;
  readonly parentPid: number;
  readonly ownMs: number;
  readonly endedChildrenMs: number;
}

function listProcesses(): Process[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((pid) => parseStat(readProc(Number(pid), 'stat')) ?? []);
}

/** What Linux counts processor time in, whatever its own clock is: a hundredth of a second. */
const TICK_MS = 10;

/** @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function parseStat(stat: string): Process | undefined {
  const [, pid, name = '', rest = ''] = /^(\d+) \((.*)\) \S (.*)/s.exec(stat) ?? [];
  if (pid === undefined) return undefined;
  const fields = rest.split(' ').map(Number); // from the fourth on: the parent's id
  const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(10, 14);
  return {
    pid: Number(pid),
    name,
    parentPid: fields[0] ?? 0,
    ownMs: (user + system) * TICK_MS,
    endedChildrenMs: (endedUser + endedSystem) * TICK_MS,
  };
}

/** Empty for a process that has ended meanwhile, or is another user's. */
function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
