import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { compiledCode } from '../helpers/compiled-code.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const APP = path.join(import.meta.dirname, '../../bin/order-analytics.ts');

function runApp(outdir: string, context: Record<string, string>) {
  return spawnSync(process.execPath, [APP], {
    encoding: 'utf8',
    env: {
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify(context),
      ...compiledCode(),
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
});
