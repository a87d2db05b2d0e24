import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { forPeople } from '../../../cli/for-people.ts';
import { logFile } from '../../../cli/start/log-file.ts';
import { isDiskFull } from '../../../local/postgres/disk-full.ts';
import { useDataFolder } from '../../helpers/temporary-folder.ts';

const data = useDataFolder();

function thrownBy(action: () => void): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
}

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
      `${path} can be written again; 2 lines were lost`,
    ]);
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
