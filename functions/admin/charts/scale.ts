/** How values are drawn. */
export interface Scale {
  /** What the height above the axis and below it stands for. */
  readonly highest: number;
  readonly lowest: number;
  /** Which value is so far from all others that its bar is broken; `undefined` mostly. */
  readonly broken: number | undefined;
}

/** How many times as large as the next one a value must be, and beside how many, to be broken. */
const FAR = 4;
const OTHERS = 4;

/** What a broken bar has above the largest of the others, so that it is seen to be larger. */
const ABOVE = 1.25;

interface ScaleOptions {
  /** Whether values are whole numbers, so that the middle of the height has to be one, too. */
  readonly isWhole?: boolean | undefined;
}

/** A scale that all values fit into but one that would press the others to the ground. */
export function scaleOf(values: readonly number[], { isWhole }: ScaleOptions = {}): Scale {
  const [largest = 0, next = 0] = values.toSorted((a, b) => Math.abs(b) - Math.abs(a));
  const others = values.filter((value) => value !== 0).length - 1;
  const isFar = others >= OTHERS && Math.abs(largest) > FAR * Math.abs(next);
  const drawn = isFar
    ? [...values.filter((value) => value !== largest), Math.sign(largest) * Math.abs(next) * ABOVE]
    : values;
  const ceiling = isWhole ? evenCeiling : niceCeiling;
  return {
    highest: ceiling(Math.max(0, ...drawn)),
    lowest: ceiling(Math.max(0, ...drawn.map((value) => -value))),
    broken: isFar ? largest : undefined,
  };
}

const NICE = [1, 1.5, 2, 2.5, 3, 4, 5, 7.5];

/** The next round number, so that the highest bar takes two thirds of the height or more. */
function niceCeiling(value: number): number {
  if (value === 0) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  const nice = NICE.find((step) => step * power >= value) ?? 10;
  return Math.max(1, nice * power);
}

const EVEN = [1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8];

/** The same for whole numbers: 0, 1, or one that has a whole half. */
function evenCeiling(value: number): number {
  if (value <= 1) return value;
  const power = 10 ** Math.floor(Math.log10(value));
  const nice = EVEN.map((step) => step * power).find((end) => end >= value && end % 2 === 0);
  return nice ?? 10 * power;
}
