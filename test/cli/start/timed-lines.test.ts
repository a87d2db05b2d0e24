import { describe, expect, it } from 'vitest';
import { timedLines } from '../../../cli/start/timed-lines.ts';

const ID = 'k3f9x2m8q1zd';
const SECRET = '0af5'.repeat(16);

describe('what npm start prints', () => {
  it.each([
    [`GET /api/uploads/oa_test_${ID}_${SECRET}`, `GET /api/uploads/oa_test_${ID}_…`],
    [`GET /oa_live_${ID}_${SECRET.slice(9)}/undo`, `GET /oa_live_${ID}_…/undo`],
    [`GET /oa%5Ftest%5F${ID}%5F${SECRET}`, `GET /oa%5Ftest%5F${ID}%5F…`],
    [`GET /OA_TEST_${ID}_${SECRET.toUpperCase()}`, `GET /OA_TEST_${ID}_…`],
    [`{"a":"oa_test_${ID}_${SECRET}"}`, `{"a":"oa_test_${ID}_…"}`],
    ['GET /api/uploads/oa_test_1', 'GET /api/uploads/oa_test_1'],
  ])('has no secret of a key: %s', (line, printed) => {
    const lines: string[] = [];
    timedLines((one) => lines.push(one))(`${line} 404 3 ms`);
    expect(lines).toEqual([expect.stringMatching(/^ +0\.0 s {2}/)]);
    expect(lines[0]).toContain(`  ${printed} 404 3 ms`);
  });
});
