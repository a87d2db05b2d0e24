import { describe, expect, it } from 'vitest';
import { Cells } from '../../../db/uploads/cells.ts';

describe('Cells', () => {
  it('are a literal of PostgreSQL, texts in quotes', () => {
    const cells = new Cells();
    expect(cells.literal()).toBe('{}');
    cells.addPlain(-5);
    cells.addText('Чай "зелёный" \\ 🍵');
    cells.addText('');
    expect(cells.literal()).toBe(String.raw`{-5,"Чай \"зелёный\" \\ 🍵",""}`);
  });

  it('grow with what is added', () => {
    const cells = new Cells();
    const texts = Array.from({ length: 300 }, (_, i) => '€'.repeat(i));
    for (const text of texts) cells.addText(text);
    expect(cells.literal()).toBe(`{"${texts.join('","')}"}`);
  });

  it('are again what they were when something is taken back', () => {
    const cells = new Cells();
    cells.addText('"');
    cells.keep();
    const { sizeBytes } = cells;
    cells.addText('"\n"');
    cells.addPlain('2.00');
    expect(cells.sizeBytes).toBe(sizeBytes + 20);
    cells.takeBack();
    expect(cells.sizeBytes).toBe(sizeBytes);
    expect(cells.literal()).toBe(String.raw`{"\""}`);
  });
});
