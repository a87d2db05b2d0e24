import { shownCount, shownOrders } from './counts.ts';

/** How far an upload is. */
export interface Progress {
  /** Of the file's bytes; `undefined` where nobody knows how many there are. */
  readonly fraction: number | undefined;
  readonly orders: number;
  readonly elapsedMs: number;
}

/** Where it is shown, such as `process.stderr`. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const REDRAW_MS = 100;
const BAR_WIDTH = 24;
/** Elsewhere than on a terminal a line comes for each so much. */
const LINE_FRACTION = 0.1;

/** A line that shows how it goes: drawn over and over on a terminal, else one a tenth. */
export class ProgressLine {
  readonly #output: ProgressOutput;
  /** Not on a terminal that can only print. */
  readonly #isDrawn: boolean;
  readonly #label: string;
  #drawnMs = -REDRAW_MS;
  #lines = 0;
  #isOpen = false;

  /** @param label what stands before each line */
  constructor(output: ProgressOutput, label = '') {
    this.#output = output;
    this.#isDrawn = output.isTTY === true && process.env.TERM !== 'dumb';
    this.#label = label;
  }

  show(progress: Progress): void {
    if (this.#isDrawn) {
      if (progress.elapsedMs - this.#drawnMs < REDRAW_MS) return;
      this.#drawnMs = progress.elapsedMs;
      this.#output.write(
        `\r\x1b[2K${bar(progress.fraction)}${this.#label}${progressText(progress)}`,
      );
      this.#isOpen = true;
      return;
    }
    const tenths = Math.floor((progress.fraction ?? 0) / LINE_FRACTION);
    if (tenths <= this.#lines) return;
    this.#lines = tenths;
    this.#output.write(`${this.#label}${progressText(progress)}\n`);
  }

  /** Takes the line away, before something else is printed. */
  end(): void {
    if (this.#isOpen) this.#output.write('\r\x1b[2K');
    this.#isOpen = false;
  }
}

function bar(fraction: number | undefined): string {
  if (fraction === undefined) return '';
  const full = Math.round(fraction * BAR_WIDTH);
  return `${'█'.repeat(full)}${'░'.repeat(BAR_WIDTH - full)} `;
}

/** Such as `42 %, 120,000 orders, 5,230 a second, 1:05 left`. */
export function progressText({ fraction, orders, elapsedMs }: Progress): string {
  const seconds = elapsedMs / 1_000;
  const rate = seconds > 0 ? Math.round(orders / seconds) : 0;
  const parts = [shownOrders(orders), `${shownCount(rate)} a second`];
  if (fraction !== undefined) {
    parts.unshift(`${Math.floor(fraction * 100)} %`);
    if (fraction > 0) parts.push(`${clock((seconds * (1 - fraction)) / fraction)} left`);
  }
  return parts.join(', ');
}

function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
