import { describe, expect, it } from 'vitest';
import { backfill, type Computed, type Progress } from '../../../cli/nightly/backfill.ts';
import { ServiceError } from '../../../cli/service-error.ts';

const succeeded = (drift_found = 0, more: object = {}): Computed => ({
  ok: true,
  json: JSON.stringify({ status: 'succeeded', drift_found, ...more }),
});

function run(period: { from: string; to: string }, answers: Computed[], abortAfter = Infinity) {
  const asked: string[] = [];
  const reports: Progress[] = [];
  const controller = new AbortController();
  const done = backfill(
    period,
    async ({ from, to }) => {
      asked.push(`${from} ${to}`);
      if (asked.length >= abortAfter) controller.abort();
      return answers.shift() ?? succeeded();
    },
    (progress) => reports.push(progress),
    controller.signal,
  );
  return { done, asked, reports };
}

describe('backfill', () => {
  it('asks for a week at a time and reports after each', async () => {
    const { done, asked, reports } = run({ from: '2024-02-26', to: '2024-03-06' }, [
      succeeded(2),
      succeeded(3, { orders_damaged: 4 }),
    ]);
    expect(await done).toEqual({
      daysDone: 9,
      days: 9,
      at: '2024-03-06',
      driftFound: 5,
      ordersDamaged: 4,
    });
    expect(asked).toEqual(['2024-02-26 2024-03-04', '2024-03-04 2024-03-06']);
    expect(reports.map(({ daysDone }) => daysDone)).toEqual([0, 7, 9]);
  });

  it('reaches to the end of 9999', async () => {
    const { done, asked } = run({ from: '9999-12-24', to: '10000-01-01' }, []);
    expect(await done).toMatchObject({ daysDone: 8, at: '10000-01-01' });
    expect(asked).toEqual(['9999-12-24 9999-12-31', '9999-12-31 10000-01-01']);
  });

  it('goes on where the function had no more time', async () => {
    const next = { from: '2025-01-03', to: '2025-01-08' };
    const unfinished: Computed = {
      ok: true,
      json: JSON.stringify({ status: 'unfinished', drift_found: 0, next }),
    };
    const { done, asked } = run({ from: '2025-01-01', to: '2025-01-08' }, [unfinished]);
    await done;
    expect(asked).toEqual(['2025-01-01 2025-01-08', '2025-01-03 2025-01-08']);
  });

  it('ends with what failed and when', async () => {
    const error = { errorType: 'DatabaseBusyError', errorMessage: 'no answer' };
    const { done } = run({ from: '2025-01-01', to: '2025-01-09' }, [
      succeeded(),
      { ok: false, error },
    ]);
    await expect(done).rejects.toThrow(
      'The nightly function failed between 2025-01-08 and 2025-01-09: DatabaseBusyError: no answer',
    );
  });

  it.each([
    '<html>',
    '{}',
    'null',
  ])('ends where what answers is not the function: %s', async (json) => {
    const { done } = run({ from: '2025-01-01', to: '2025-01-09' }, [{ ok: true, json }]);
    await expect(done).rejects.toThrow(
      new ServiceError(
        'What answers for the nightly function between 2025-01-01 and 2025-01-08 is not that function: start npm start anew.',
      ),
    );
  });

  it('ends after the week that runs when it is told to', async () => {
    const { done } = run({ from: '2025-01-01', to: '2025-03-01' }, [], 2);
    expect(await done).toMatchObject({ daysDone: 14, at: '2025-01-15' });
  });
});
