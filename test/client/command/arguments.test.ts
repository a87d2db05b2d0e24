import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readArguments } from '../../../client/src/command/arguments.ts';
import { findTarget } from '../../../client/src/command/target.ts';
import { folder, write } from './read-file.ts';

describe('arguments', () => {
  it.each([
    [['upload'], '--help says more'],
    [['download', 'a.json'], '--help says more'],
    [['upload', 'a.json', '--preset', 'x'], 'there are woocommerce, shopify, amazon, 1c'],
    [['upload', 'a.json', '--encoding', 'koi8-r'], 'there are utf-8'],
    [['upload', 'a.json', '--delimiter', ';;'], 'one character'],
    [['upload', 'a.json', '--parallel', '0'], 'from 1 to 16'],
    [['upload', 'a.json', '--chunk-kib', '9999'], 'from 1 to 4096'],
    [['upload', 'a.json', '--format', 'xml'], 'json or csv'],
    [['upload', '-', '--check'], 'reads files twice'],
    [['upload', 'a.json', '--map', 'sku'], "needs a column's title"],
    [['upload', 'a.json', '--map-file', 'none'], 'cannot be read'],
    [['upload', 'a.csv', '--map', 'sku=A', '--map', 'sku=B'], '--map: sku is there twice'],
    [['upload', 'a.csv', '--if-empty', 'sku=a', '--if-empty=sku=b'], '--if-empty: sku is there'],
    [['upload', 'a.csv', '--prefix', 'a-', '--prefix=b-'], '--prefix is there twice'],
  ])('that do not fit are told of: %j', (args, words) => {
    expect(() => readArguments(args)).toThrow(words);
  });

  it('find the service and the key, which is no option', () => {
    const found = { url: 'http://a', key: 'k' };
    const variables = { ORDER_ANALYTICS_URL: 'http://a', ORDER_ANALYTICS_KEY: 'k' };
    expect(findTarget({ url: undefined, keyFile: undefined }, variables)).toEqual(found);
    const keyFile = write('key', 'k\n');
    expect(findTarget({ url: 'http://a', keyFile }, {})).toEqual(found);
    expect(() => findTarget({ url: 'http://a', keyFile: undefined }, {})).toThrow('Which key?');
    const empty = write('no-key', '\n');
    expect(() => findTarget({ url: undefined, keyFile: empty }, {})).toThrow('is empty');
    expect(() => readArguments(['upload', 'a.json', '--key', 'k'])).toThrow("'--key");
  });
});

describe('files', () => {
  const exports = join(folder, 'exports');
  const files = (...paths: string[]) =>
    readArguments(['upload', ...paths])?.files.map((path) => path.replace(`${exports}/`, ''));
  beforeAll(() => {
    mkdirSync(join(exports, 'old.csv'), { recursive: true }); // a folder, whatever it is called
    const names = ['b.csv', 'a.NDJSON.gz', 'c.json', 'c[1].csv', 'note.md', '.hidden.csv'];
    const left = ['b.csv.journal', 'b.csv.rejected.csv', 'c.json.rejected.ndjson'];
    for (const name of [...names, ...left]) write(`exports/${name}`, '');
    mkdirSync(join(folder, 'nothing'));
  });

  it('are those of a folder that end as files of orders do, by name', () => {
    expect(files(exports)).toEqual(['a.NDJSON.gz', 'b.csv', 'c.json', 'c[1].csv']);
    expect(() => files(join(folder, 'nothing'))).toThrow('has no files of orders: .json');
  });

  it('are those that match a pattern, each once', () => {
    const pattern = join(exports, '*.csv');
    expect(files(pattern)).toEqual(['b.csv', 'c[1].csv']);
    expect(files(join(exports, 'c.json'), exports, pattern)).toEqual([
      'c.json',
      'a.NDJSON.gz',
      'b.csv',
      'c[1].csv',
    ]);
    expect(() => files(join(exports, '*.xml'))).toThrow('There is no file that matches');
  });

  it('are meant as they are called where there are such', () => {
    expect(files(join(exports, 'c[1].csv'))).toEqual(['c[1].csv']);
    expect(files(join(exports, 'b.csv.rejected.csv'), '-')).toEqual(['b.csv.rejected.csv', '-']);
  });
});
