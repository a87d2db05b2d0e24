import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { ROUTES, type Route } from '../../functions/routes.ts';

/** What a person may call who has some of the stack's policies and nothing else. */

interface Template {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties: Record<string, unknown> }>
  >;
  readonly Outputs?: Readonly<Record<string, { readonly Value: { readonly Ref?: string } }>>;
}

interface Statement {
  readonly Effect: string;
  readonly Action: string;
  readonly Resource: unknown;
}

/** The patterns of `STAGE/METHOD/path` that each policy allows, by its output. */
function invocablePatterns(): Map<string, RegExp[]> {
  const { assembly } = inject('cloud');
  const [file] = readdirSync(assembly).filter((name) => name.endsWith('-api.template.json'));
  const template: Template = JSON.parse(readFileSync(join(assembly, file ?? ''), 'utf8'));
  const patterns = new Map<string, RegExp[]>();
  for (const [output, { Value }] of Object.entries(template.Outputs ?? {})) {
    const resource = template.Resources[Value.Ref ?? ''];
    if (resource?.Type !== 'AWS::IAM::ManagedPolicy') continue;
    const { Statement } = resource.Properties.PolicyDocument as { Statement: Statement[] };
    const allowed = Statement.filter(({ Action }) => Action === 'execute-api:Invoke');
    expect(allowed.map(({ Effect }) => Effect)).toEqual(['Allow']);
    patterns.set(
      output,
      allowed.flatMap(({ Resource }) => [Resource].flat().map(patternOf)),
    );
  }
  return patterns;
}

/** An ARN's part after the API, in which a star stands for anything, slashes included. */
function patternOf(arn: unknown): RegExp {
  const [, path = ''] = /(\/\$default\/[^"]*)"/.exec(JSON.stringify(arn)) ?? [];
  expect(path).not.toBe('');
  const escaped = path.split('*').map((part) => part.replaceAll(/[.$+{}()[\]|^?]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`);
}

describe('the policies for people', () => {
  it('allow each what it is for: looking, acting, changing keys, or erasing sellers', () => {
    const patterns = invocablePatterns();
    const allowing = Object.entries<Route>(ROUTES)
      .filter(([, { access }]) => access === 'iam')
      .map(([routeKey]) => {
        const [method, path = ''] = routeKey.split(' ');
        const called = `/$default/${method}${path.replace(/\{\w+\+?\}/, 'x')}`;
        const policies = [...patterns].filter(([, some]) => some.some((one) => one.test(called)));
        return [routeKey, ...policies.map(([output]) => output)];
      });
    expect([...patterns.keys()].sort()).toEqual([
      'ActionsPolicy',
      'AdminPolicy',
      'KeysPolicy',
      'SellersPolicy',
    ]);
    expect(allowing).toEqual([
      ['GET /admin', 'AdminPolicy'],
      ['GET /admin/{proxy+}', 'AdminPolicy'],
      ['GET /admin/api/keys', 'AdminPolicy'],
      ['POST /admin/api/keys', 'KeysPolicy'],
      ['POST /admin/api/keys/{id}/rotate', 'KeysPolicy'],
      ['POST /admin/api/keys/{id}/revoke', 'KeysPolicy'],
      ['GET /admin/keys/{proxy+}', 'AdminPolicy'],
      ['POST /admin/keys/{proxy+}', 'KeysPolicy'],
      ['GET /admin/actions/{proxy+}', 'AdminPolicy'],
      ['POST /admin/actions/{proxy+}', 'ActionsPolicy'],
      ['GET /admin/api/sellers', 'AdminPolicy'],
      ['POST /admin/api/sellers/erase', 'SellersPolicy'],
      ['GET /admin/erase-seller', 'AdminPolicy'],
      ['POST /admin/erase-seller', 'SellersPolicy'],
    ]);
  });
});
