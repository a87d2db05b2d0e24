import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { compiledCode } from '../helpers/compiled-code.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const PROJECT = path.join(import.meta.dirname, '../..');
const APP = path.join(PROJECT, 'bin/order-analytics.ts');

function runApp(outdir: string, context: Record<string, string>, env: NodeJS.ProcessEnv = {}) {
  return spawnSync(process.execPath, [APP], {
    encoding: 'utf8',
    env: {
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify(context),
      ...compiledCode(),
      ...env,
    },
  });
}

describe('bin/order-analytics.ts', () => {
  const outdir = temporaryFolder();

  it('synthesizes the dev stage into CDK_OUTDIR when no stage is named, with what the deploy is told', () => {
    const certificateArn = 'arn:aws:acm:eu-central-1:123456789012:certificate/1';
    const { status } = runApp(outdir, {
      release: 'canary',
      domain: 'api.example.com',
      certificateArn,
    });
    expect(status).toBe(0);
    const templates = readdirSync(outdir).filter((file) => file.endsWith('.template.json'));
    expect(templates.sort()).toEqual([
      'order-analytics-dev-api.template.json',
      'order-analytics-dev-database.template.json',
    ]);
    const api = readFileSync(path.join(outdir, 'order-analytics-dev-api.template.json'), 'utf8');
    for (const told of [
      'LambdaCanary10Percent5Minutes',
      'https://api.example.com',
      certificateArn,
    ]) {
      expect(api).toContain(told);
    }
  });

  it('says in a sentence that there is no folder for temporary files', () => {
    const { status, stderr } = runApp(path.join(outdir, 'none'), {}, { TMPDIR: '/none/of/them' });
    expect([status, stderr]).toEqual([
      1,
      'Nothing can be written to /none/of/them, where temporary files belong (ENOENT): TMPDIR names another folder.\n',
    ]);
  });

  it('refuses production when nobody would hear of its alarms', () => {
    const nowhere = path.join(outdir, 'nowhere');
    const { status, stderr } = runApp(nowhere, { stage: 'production' });
    expect(status).not.toBe(0);
    expect(stderr).toContain('Nobody would hear of the alarms of the stage "production"');
    expect(stderr).toContain('-c alarmEmail=none');
    expect(existsSync(path.join(nowhere, 'manifest.json'))).toBe(false);
  });

  it('fails with the names of the stages when an unknown one is named', () => {
    const nowhere = path.join(outdir, 'nowhere');
    const { status, stderr } = runApp(nowhere, { stage: 'prod' });
    expect(status).not.toBe(0);
    expect(stderr).toContain('There is no stage "prod". The stages are: dev, production');
    expect(existsSync(path.join(nowhere, 'manifest.json'))).toBe(false);
  });

  it.each([
    [
      { stage: 'prod' },
      'There is no stage "prod". The stages are: dev, production (choose one with -c stage=…).',
    ],
    [{ alarmEmail: 'ops' }, '"ops" is no address that alarms could be mailed to.'],
    [{ release: 'now' }, '"now" is no way to release. Say -c release=canary or at-once.'],
    [{ domain: 'x', certificateArn: 'y' }, '"x" is no name of a host, such as api.example.com.'],
    [{ stge: 'production' }, 'A deploy knows no -c stge=…. Did you mean -c stage=…?'],
    [{ alarmemail: 'none' }, 'A deploy knows no -c alarmemail=…. Did you mean -c alarmEmail=…?'],
  ])('says in a sentence alone why it does not take %j', (context, sentence) => {
    const nowhere = path.join(outdir, 'nowhere');
    const { status, stdout, stderr } = runApp(nowhere, context);
    expect({ status, stdout, stderr }).toEqual({ status: 1, stdout: '', stderr: `${sentence}\n` });
    expect(existsSync(path.join(nowhere, 'manifest.json'))).toBe(false);
  });

  it('compares the region of a certificate with the one that the CDK deploys to', () => {
    const certificateArn = 'arn:aws:acm:us-east-1:123456789012:certificate/1';
    const { status, stderr } = runApp(
      path.join(outdir, 'nowhere'),
      { domain: 'api.example.com', certificateArn },
      { CDK_DEFAULT_ACCOUNT: '123456789012', CDK_DEFAULT_REGION: 'eu-west-1' },
    );
    expect(status).toBe(1);
    expect(stderr).toMatch(/^The certificate is of us-east-1, and the deploy goes to eu-west-1,/);
  });

  it('takes a certificate of any region where it is not known where a deploy would go', () => {
    const { status } = runApp(
      path.join(outdir, 'anywhere'),
      {
        domain: 'api.example.com',
        certificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/1',
      },
      { CDK_DEFAULT_ACCOUNT: '', CDK_DEFAULT_REGION: 'us-east-1' }, // the CDK's default
    );
    expect(status).toBe(0);
  });

  it('leaves alone what the CDK or another of its apps is told', () => {
    const { status, stderr } = runApp(path.join(outdir, 'others'), {
      'cli-telemetry': 'false',
      'availability-zones:account=123456789012:region=eu-west-1': 'eu-west-1a',
      team: 'shop',
      stage: 'prod',
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^There is no stage "prod"/);
  });
});

describe('npm run synth and npm run deploy', () => {
  it.each(['synth', 'deploy'])('%s takes no stage as our other commands do', (script) => {
    const { status, stderr } = runScript(script, '--stage', 'production', '--alarm-email=none');
    expect(stderr).toBe('The CDK knows no --stage: say -c stage=….\n');
    expect(status).toBe(1);
  });

  it.each([
    [['--alarm-email', 'none'], 'The CDK knows no --alarm-email: say -c alarmEmail=….\n'],
    [
      ['-c', 'stage=dev', '--certificateArn=x'],
      'The CDK knows no --certificateArn: say -c certificateArn=….\n',
    ],
    [['-c', 'stage'], 'The CDK takes no -c stage: say -c stage=….\n'],
    [['-c', 'stage', 'production'], 'The CDK takes no -c stage: say -c stage=….\n'],
    [['--context=stage:production'], 'The CDK takes no -c stage:production: say -c stage=….\n'],
    [['-calarmEmail'], 'The CDK takes no -calarmEmail: say -c alarmEmail=….\n'],
    [['-cstage=production'], 'The CDK takes no -cstage=production: say -c stage=….\n'],
    [['-qcstage=production'], 'The CDK takes no -qcstage=production: say -c stage=….\n'],
    [['-vc=stage=production'], 'The CDK takes no -vc=stage=production: say -c stage=….\n'],
    [['--c', 'stage=production'], 'The CDK takes no --c: say -c stage=….\n'],
    [
      ['--context.stage=production'],
      'The CDK takes no --context.stage=production: say -c stage=….\n',
    ],
    [
      ['-c', 'stage=dev', '--context', 'stage=production'],
      '-c stage=… comes twice, with different values: say it once.\n',
    ],
  ])('take no %j', (args, sentence) => {
    expect(runScript('synth', ...args).stderr).toBe(sentence);
  });

  it('leave what the CDK knows to the CDK', () => {
    const told = ['-c', 'stage=dev', '-c', 'stage=dev', '-c', 'team'];
    const { status, stdout } = runScript('synth', '--version', ...told);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+ /);
  });
});

/** What a script of `package.json` does with these arguments; never against an account. */
function runScript(script: string, ...args: readonly string[]) {
  return spawnSync('npm', ['run', '-s', script, '--', '--app', 'false', ...args], {
    cwd: PROJECT,
    encoding: 'utf8',
    env: { ...process.env, AWS_EC2_METADATA_DISABLED: 'true' },
  });
}
