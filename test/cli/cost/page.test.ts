import { describe, expect, it } from 'vitest';
import { costPage } from '../../../cli/cost/page.ts';
import { readText } from '../../architecture/source-files.ts';

describe('docs/cost.md', () => {
  const page = readText('docs/cost.md');

  it('is what is made of the result that it names', () => {
    const [, file = ''] = /`(bench\/results\/\S+-cost\.json)`/.exec(page) ?? [];
    expect(page).toBe(costPage(JSON.parse(readText(file)), file));
  });
});
