import { ProblemError } from './errors.ts';

/** How something is asked for that may be more than one answer can hold. */
export interface Halving<TWhole, TAnswer> {
  readonly ask: (whole: TWhole) => Promise<TAnswer>;
  /** `undefined` where there is no less to ask for. */
  readonly halve: (whole: TWhole) => readonly [TWhole, TWhole] | undefined;
  readonly join: (first: TAnswer, second: TAnswer) => TAnswer;
}

/** What is answered of a whole: at once, or put together of as many parts as it takes. */
export async function inHalves<TWhole, TAnswer>(
  whole: TWhole,
  how: Halving<TWhole, TAnswer>,
): Promise<TAnswer> {
  try {
    return await how.ask(whole);
  } catch (error) {
    const isTooLarge = error instanceof ProblemError && error.code === 'answer_too_large';
    const halves = isTooLarge && how.halve(whole);
    if (!halves) throw error;
    const first = await inHalves(halves[0], how);
    return how.join(first, await inHalves(halves[1], how));
  }
}

export function halvesOfList<T>(list: readonly T[]): [readonly T[], readonly T[]] | undefined {
  const middle = Math.ceil(list.length / 2);
  return list.length > 1 ? [list.slice(0, middle), list.slice(middle)] : undefined;
}

/** UTC days as `2025-11-12`; `to` is not in the period. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

export function halvesOfPeriod({ from, to }: Period): [Period, Period] | undefined {
  const first = dayNumber(from);
  const days = dayNumber(to) - first;
  if (!(days > 1)) return undefined; // or one of them is no day
  const middle = new Date((first + Math.ceil(days / 2)) * DAY_MS).toISOString().slice(0, 10);
  return [
    { from, to: middle },
    { from: middle, to },
  ];
}

const DAY_MS = 86_400_000;

function dayNumber(day: string): number {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  return Date.UTC(year, month - 1, date) / DAY_MS;
}
