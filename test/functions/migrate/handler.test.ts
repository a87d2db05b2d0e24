import {
  GetSecretValueCommand,
  InternalServiceError,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { ROLE_SECRET_ARNS } from '../../../db/data-api/env.ts';
import { migrations } from '../../../db/migrations/index.ts';
import { useOwnDataApi } from '../../helpers/data-api.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { lambdaContext } from '../../helpers/events.ts';
import { useMockedClient } from '../../helpers/mocked-client.ts';

const secretsManager = useMockedClient(SecretsManagerClient);
const { roleSecretArns, secrets } = inject('cloud');
const own = useOwnDataApi();
let test: TestDatabase;
let handler: (event: unknown, context: ReturnType<typeof lambdaContext>) => Promise<unknown>;

beforeAll(async () => {
  test = await createTestDatabase();
  Object.assign(process.env, test.environment, own.environment, {
    [ROLE_SECRET_ARNS]: Object.values(roleSecretArns).join(' '),
  });
  ({ handler } = await import('../../../functions/migrate/handler.ts'));
});
afterAll(() => test.drop());

it("reads the roles' passwords again when Secrets Manager fails for a moment", async () => {
  const failure = new InternalServiceError({ message: '', $metadata: { httpStatusCode: 500 } });
  for (const { secretArn, username, password } of secrets) {
    secretsManager
      .on(GetSecretValueCommand, { SecretId: secretArn })
      .rejectsOnce(failure)
      .resolves({ SecretString: JSON.stringify({ username, password }) });
  }
  expect(await handler({}, lambdaContext(60_000))).toEqual({ applied: [] });
});

it('says which migrations it ran also when the answer to a commit was lost', async () => {
  for (const { secretArn, username, password } of secrets) {
    secretsManager
      .on(GetSecretValueCommand, { SecretId: secretArn })
      .resolves({ SecretString: JSON.stringify({ username, password }) });
  }
  await test.pg.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  own.dataApi.faults.add({ kind: 'cut-after', operations: ['CommitTransaction'], calls: 2 });
  expect(await handler({}, lambdaContext(60_000))).toEqual({ applied: Object.keys(migrations) });
});
