import { describe, expect, it } from 'vitest';
import { ROUTES, type Route } from '../../functions/routes.ts';
import { apiResources } from '../helpers/api-template.ts';

const resources = apiResources();
const ofType = (type: string) => Object.entries(resources).filter(([, one]) => one.Type === type);
const propertiesOf = (type: string) => ofType(type).map(([, { Properties }]) => Properties);

/** The alias of a function, by the function's folder. */
function aliasOf(folder: string) {
  const [functionId] =
    ofType('AWS::Lambda::Function').find(
      ([, fn]) => fn.Properties.Environment?.Variables.POWERTOOLS_SERVICE_NAME === folder,
    ) ?? [];
  return ofType('AWS::Lambda::Alias').find(
    ([, alias]) => alias.Properties.FunctionName.Ref === functionId,
  );
}

describe('a release', () => {
  it('gives every function that answers its new version by CodeDeploy', () => {
    const answering = new Set(Object.values<Route>(ROUTES).map(({ folder }) => folder));
    for (const folder of [...answering, 'authorize']) {
      expect([folder, aliasOf(folder)?.[1]]).toEqual([
        folder,
        expect.objectContaining({
          UpdatePolicy: { CodeDeployLambdaAliasUpdate: expect.anything() },
        }),
      ]);
    }
  });

  it('gives it the nightly job at once, which would not run within five minutes', () => {
    expect(aliasOf('nightly')?.[1]).not.toHaveProperty('UpdatePolicy');
  });

  it('leaves alone what a version of its own must do: all steps of a rotation, and a migration', () => {
    expect([aliasOf('rotate-secret'), aliasOf('migrate')]).toEqual([undefined, undefined]);
  });

  it('is passed by nobody: API Gateway and the schedule call aliases alone, as they may', () => {
    const permissions = propertiesOf('AWS::Lambda::Permission').filter(
      ({ Principal }) => Principal === 'apigateway.amazonaws.com',
    );
    const called = [
      ...propertiesOf('AWS::ApiGatewayV2::Integration').map((one) => one.IntegrationUri),
      ...propertiesOf('AWS::Scheduler::Schedule').map((one) => one.Target.Arn),
      ...permissions.map(({ FunctionName }) => FunctionName),
    ];
    expect(called.length).toBeGreaterThan(20);
    const aliases = ofType('AWS::Lambda::Alias').map(([id]) => id);
    for (const callee of called) expect(aliases).toContain(callee.Ref);
    const [authorizer] = propertiesOf('AWS::ApiGatewayV2::Authorizer');
    expect(JSON.stringify(authorizer.AuthorizerUri)).toContain(
      JSON.stringify({ Ref: aliasOf('authorize')?.[0] }),
    );
  });
});
