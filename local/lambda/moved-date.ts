import type { InvokeMessage } from './protocol.ts';

// Loaded before the runtime where the local cloud's clock is not the machine's: the function's
// dates are those of the cloud, whose other parts check its signatures and keys by them. Timers
// stay as they are.

const MachineDate = Date;
let aheadMs = 0;

class MovedDate extends MachineDate {
  constructor(...values: unknown[]) {
    super(...((values.length > 0 ? values : [MovedDate.now()]) as [number]));
  }

  static override now(): number {
    return MachineDate.now() + aheadMs;
  }

  /** Also of dates that Node itself makes. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof MachineDate;
  }
}
globalThis.Date = MovedDate as DateConstructor;

process.on('message', ({ nowMs }: InvokeMessage) => {
  aheadMs = nowMs - MachineDate.now();
});
