import { describe, expect, it } from 'vitest';
import { readText } from '../architecture/source-files.ts';
import { apiResources, databaseResources } from '../helpers/api-template.ts';

const DOCUMENTS = ['docs/operations.md', 'docs/aws-first-run.md'];

/** What the documents have people call, each on one line, however it is shown. */
const commands = DOCUMENTS.flatMap((file) =>
  readText(file).replaceAll('\\\n', ' ').split('\n'),
).filter((line) => line.includes('aws '));

const callsOf = (name: string) => commands.filter((command) => command.includes(` ${name} `));

/** What a person knows: the stage, where AWS is, and the key that a command has just shown. */
const KNOWN = ['STAGE', 'AWS_REGION', 'KEY', 'SELLER_KEY'];

/** The names that a document uses before it sets them, as it is read from top to bottom. */
function usedBeforeSet(file: string, used: RegExp, set: RegExp): string[] {
  const text = readText(file);
  const setAt = new Map(
    [...text.matchAll(set)].reverse().map(({ 1: name, index }) => [name, index]),
  );
  return [...text.matchAll(used)].flatMap(({ 1: name = '', index }) =>
    KNOWN.includes(name) || (setAt.get(name) ?? Infinity) < index ? [] : [name],
  );
}

/** What goes with something else. */
const GOES_ALONG = ['EC2::SubnetRouteTableAssociation', 'SecretsManager::SecretTargetAttachment'];

describe('the AWS commands of the documents', () => {
  it.each(DOCUMENTS)('have no variable that is not set before: %s', (file) => {
    expect(usedBeforeSet(file, /\$\{?([A-Z][A-Z_]+)\b/g, /\b([A-Z][A-Z_]+)=/g)).toEqual([]);
  });

  it.each(DOCUMENTS)('ask no function of the shell that is not defined before: %s', (file) => {
    const asked = /\$\((?!(?:aws|date|printf) )(\w+) /g;
    expect(usedBeforeSet(file, asked, /^ *(\w+)\(\) \{/gm)).toEqual([]);
  });

  it('copy backups of each night under a name of its own', () => {
    expect(readText('docs/operations.md')).toContain('\nAWAY="away-$STAGE-$(date -u +%F)"\n');
    for (const name of ['create-db-cluster-snapshot', 'restore-db-cluster-from-snapshot']) {
      expect(callsOf(name)).toEqual([expect.stringContaining('identifier "$AWAY"')]);
    }
  });

  it('ask for the resources of a stack by what gives more than the first hundred', () => {
    expect(Object.keys(apiResources()).length).toBeGreaterThan(100);
    expect(callsOf('list-stack-resources')).toHaveLength(2);
    expect(callsOf('describe-stack-resources')).toEqual([]);
  });

  it('ask for each kind of resource that a protected stage leaves, where it is given up', () => {
    const [, section = ''] = readText('docs/operations.md').split('\n### Giving a stage up\n');
    const [chapter = ''] = section.split('\n## ');
    const asked = [...chapter.matchAll(/\$\(stack database ([\w:]+)\)/g)].map(([, type]) => type);
    const types = Object.values(databaseResources()).map(({ Type }) => Type.replace('AWS::', ''));
    expect([...asked, ...GOES_ALONG].sort()).toEqual([...new Set(types)].sort());
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
