import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reviewCommand } from '../../cli/review/command.ts';
import { readAssembly, type Template } from '../../cli/templates/assembly.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { readText } from '../architecture/source-files.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const STACK = 'order-analytics-production-database';
const folder = temporaryFolder();

/** Reviews an app whose only stack has a template. */
function review(template: Template) {
  const app = join(folder, 'cdk.out');
  const templateFile = `${STACK}.template.json`;
  const properties = { templateFile, requiresBootstrapStackVersion: 6 };
  const artifacts = { [STACK]: { type: 'aws:cloudformation:stack', properties } };
  mkdirSync(app, { recursive: true });
  writeFileSync(join(app, 'manifest.json'), JSON.stringify({ artifacts }));
  writeFileSync(join(app, templateFile), JSON.stringify(template));
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/review.ts', '--app', app], {
    cwd: join(import.meta.dirname, '../..'),
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('npm run review', () => {
  const released: Template = JSON.parse(readText(`docs/released/templates/${STACK}.json`));

  it('lets pass what is as it was released', () => {
    const { status, stdout, stderr } = review(released);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('None changes, beside the code of functions.');
  });

  it.each([
    'null',
    '[]',
    '{}',
    '{"artifacts":{}}',
    '{"artifacts":1}',
  ])('takes no app whose manifest is %s', (manifest) => {
    writeFileSync(join(folder, 'manifest.json'), manifest);
    expect(() => readAssembly(folder, 'production')).toThrow(
      new UsageError(
        `${folder} is no synthesized app (manifest.json): npm run synth writes one to cdk.out.`,
      ),
    );
  });

  it('keeps nothing of another stage as what was released', async () => {
    const given = { stage: 'dev', app: undefined, release: true };
    await expect(reviewCommand.run(given, new AbortController().signal)).rejects.toThrow(
      new UsageError('--release keeps production alone: say --stage production.'),
    );
  });

  it('fails when the database would be lost', () => {
    const { status, stdout, stderr } = review({
      Resources: Object.fromEntries(
        Object.entries(released.Resources).filter(([, { Type }]) => Type !== 'AWS::RDS::DBCluster'),
      ),
    });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'It would lose what cannot be made again.\n',
    });
    expect(stdout).toContain('- the database with all orders: AWS::RDS::DBCluster ');
  });
});
