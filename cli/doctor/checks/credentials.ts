import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { toError } from '../../caught.ts';
import { explainAwsError } from '../../target/aws-errors.ts';
import { notAws } from '../../target/aws-says.ts';
import type { Check, Finding } from '../finding.ts';

/** Who deploys, and where to. */
export const credentials: Check = {
  title: 'credentials',
  async find({ aws }) {
    const client = new STSClient(aws);
    try {
      const { Arn, Account } = await client.send(new GetCallerIdentityCommand({}));
      if (!Arn) return [unusable(notAws())];
      return [{ level: 'ok', says: `${Arn} in account ${Account}, region ${aws.region}` }];
    } catch (error) {
      const { profile } = aws;
      return [unusable(toError(explainAwsError(error, { ifDenied: DENIED, profile })).message)];
    } finally {
      client.destroy();
    }
  },
};

/** What needs no right, and can only be forbidden. */
const DENIED =
  'These credentials may not even ask whose they are (sts:GetCallerIdentity): choose another --profile.';

const unusable = (says: string): Finding => ({
  level: 'problem',
  says,
  advice: 'Nothing else was looked at.',
});
