import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { errorCode, toError } from '../../caught.ts';
import { explainAwsError } from '../../target/aws-errors.ts';
import type { Check } from '../finding.ts';

/** Who deploys, and where to. */
export const credentials: Check = {
  title: 'credentials',
  async find({ aws, assembly }) {
    const client = new STSClient(aws);
    try {
      const { Arn, Account } = await client.send(new GetCallerIdentityCommand({}));
      return [{ level: 'ok', says: `${Arn} in account ${Account}, region ${aws.region}` }];
    } catch (error) {
      const [stack] = assembly.stacks;
      const asked = { stackName: stack?.name ?? '', profile: aws.profile };
      const explained = toError(explainAwsError(error, asked));
      const says = explained.message || (errorCode(error) ?? 'AWS does not answer');
      return [{ level: 'problem', says, advice: 'Nothing else was looked at.' }];
    } finally {
      client.destroy();
    }
  },
};
