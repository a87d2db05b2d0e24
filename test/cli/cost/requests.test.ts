import { describe, expect, it } from 'vitest';
import { byName, type Measured, requestCost, unitsOf } from '../../../cli/cost/requests.ts';

/** An upload of 10 orders whose parts are easy to reckon. */
const UPLOAD: Measured = {
  name: 'upload of 10',
  orders: 10,
  requests: 1,
  sentBytes: 600 * 1_024, // two of API Gateway's units
  dataApiCalls: 1,
  dataApiUnits: 20,
  lambdaMs: 100,
  lambdaMb: 1_024,
  logLines: 2,
  logBytes: 500,
  databaseCpuMs: 9,
  walBytes: 40_960,
};

describe('requestCost', () => {
  it('reckons what a million orders cost in uploads of ten, part by part', () => {
    const usd = byName(requestCost(UPLOAD, 100_000, 2));
    expect(usd['API Gateway']).toBeCloseTo(0.2, 9); // 0.1 million requests of two units
    expect(usd['Lambda, requests']).toBeCloseTo(0.02, 9);
    expect(usd['Lambda, time']).toBeCloseTo(0.133334, 9); // 10,000 GB-seconds
    expect(usd['Data API']).toBeCloseTo(0.7, 9); // 2 million units
    expect(usd['ACU-hours']).toBeCloseTo(0.24, 9); // 900 s, two instances, a fourth of a vCPU
    expect(usd['storage I/O']).toBeCloseTo(0.2, 9); // a million of 4 KB
    expect(usd.logs).toBeCloseTo(0.1065, 9); // 2,000 bytes, and 26 for each of five lines
    expect(usd.together).toBeCloseTo(1.599834, 9);
  });
});

describe('unitsOf', () => {
  it.each([
    [0, 1],
    [1, 1],
    [32_768, 1],
    [32_769, 2],
  ])('counts %i bytes as %i of 32 KB', (bytes, units) => {
    expect(unitsOf(bytes, 32_768)).toBe(units);
  });
});
