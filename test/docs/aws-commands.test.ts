import { describe, expect, it } from 'vitest';
import { readText } from '../architecture/source-files.ts';
import { apiResources } from '../helpers/api-template.ts';

/** What the documents have people call, each on one line, however it is shown. */
const commands = ['docs/operations.md', 'docs/aws-first-run.md']
  .flatMap((file) => readText(file).replaceAll('\\\n', ' ').split('\n'))
  .filter((line) => line.includes('aws '));

const callsOf = (name: string) => commands.filter((command) => command.includes(` ${name} `));

describe('the AWS commands of the documents', () => {
  it('ask for the resources of a stack by what gives more than the first hundred', () => {
    expect(Object.keys(apiResources()).length).toBeGreaterThan(100);
    expect(callsOf('list-stack-resources')).toHaveLength(2);
    expect(callsOf('describe-stack-resources')).toEqual([]);
  });

  it('restore a snapshot with its own version of the engine, not with the default of a region', () => {
    expect(callsOf('restore-db-cluster-from-snapshot')).toEqual([
      expect.stringContaining('--engine-version "$VERSION"'),
    ]);
  });

  it('wait longer than a minute for a function that may take longer', () => {
    const invoked = callsOf('invoke');
    expect(invoked.length).toBeGreaterThan(2);
    for (const command of invoked) expect(command).toContain('--cli-read-timeout 900');
  });

  it('wait for a cluster by its new name also while nobody knows that yet', () => {
    expect(callsOf('db-cluster-available')).toEqual([expect.stringContaining('until aws rds')]);
  });
});
