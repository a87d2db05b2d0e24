import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { forPeople } from '../../../cli/for-people.ts';
import { logFile } from '../../../cli/start/log-file.ts';
import { isDiskFull } from '../../../local/postgres/disk-full.ts';
import { useDataFolder } from '../../helpers/data-folder.ts';
import { thrownBy } from '../../helpers/thrown-by.ts';

const data = useDataFolder();

describe('logFile', () => {
  it('loses lines on a full disk, says so once, and goes on when there is room', () => {
    mkdirSync(data.logs, { recursive: true });
    const path = join(data.logs, 'functions.log');
    symlinkSync('/dev/full', path);
    const said: string[] = [];
    const write = logFile(path, (line) => said.push(line));
    write('one');
    write('two');
    rmSync(path);
    write('three');
    write('four');
    expect(readFileSync(path, 'utf8')).toBe('three\nfour\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(said).toEqual([
      `${path} cannot be written: the disk is full. Lines are lost until it can`,
      `${path} can be written again; 2 lines lost`,
    ]);
  });
});

describe('a line for which there is room in part', () => {
  it('is left out as a whole', () => {
    mkdirSync(data.logs, { recursive: true });
    const path = join(data.logs, 'functions.log');
    // A limit of 512 or 1,024 bytes for every file is as a disk that is full after them.
    const script = 'ulimit -f 1; exec "$0" "$1" "$2"';
    const writer = join(import.meta.dirname, 'log-and-say.ts');
    const said = execFileSync('/bin/sh', ['-c', script, process.execPath, writer, path]);
    const lines = readFileSync(path, 'utf8').split('\n');
    expect(new Set(lines.map(({ length }) => length))).toEqual(new Set([199, 0]));
    expect(lines.at(-1)).toBe('');
    expect(said.toString()).toContain('cannot be written');
  });
});

describe('isDiskFull', () => {
  it('knows it from the system, from what a program printed, and from what either led to', () => {
    const ofTheSystem = thrownBy(() => writeFileSync('/dev/full', 'x'));
    const printed = new Error('initdb: error: could not write to file: No space left on device');
    expect(isDiskFull(ofTheSystem)).toBe(true);
    expect(isDiskFull(printed)).toBe(true);
    expect(isDiskFull(new Error('It did not start', { cause: printed }))).toBe(true);
    expect(isDiskFull(new Error('It did not start'))).toBe(false);
    expect(forPeople(ofTheSystem)).toBe('The disk is full: make room and start again.');
  });
});
