import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { ROLE_NAMES } from '../../../db/roles/names.ts';
import { createApp } from '../../../lib/app.ts';
import { OrderDatabase } from '../../../lib/constructs/order-database.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

describe("the database's secrets", () => {
  const folder = temporaryFolder();
  let template: Template;
  beforeAll(() => {
    const stack = new Stack(createApp({ outdir: folder }), 'Stack');
    new OrderDatabase(stack, 'Database', {
      capacity: { minAcu: 1, maxAcu: 8 },
      backupRetention: Duration.days(7),
    });
    template = Template.fromStack(stack);
  });

  it('name the first login of each role, with a password of 40 letters and digits', () => {
    for (const role of ROLE_NAMES) {
      template.hasResourceProperties('AWS::SecretsManager::Secret', {
        GenerateSecretString: {
          SecretStringTemplate: `{"username":"${role}_1"}`,
          GenerateStringKey: 'password',
          ExcludePunctuation: true,
          PasswordLength: 40,
        },
      });
    }
    template.resourceCountIs('AWS::SecretsManager::Secret', ROLE_NAMES.length + 1); // the owner's
  });

  it('have ARNs that the Data API takes, in the region with the longest name', () => {
    for (const logicalId of Object.keys(template.findResources('AWS::SecretsManager::Secret'))) {
      const name = `${logicalId}-${'x'.repeat(12)}-${'x'.repeat(6)}`; // as CloudFormation makes it
      const arn = `arn:aws:secretsmanager:ap-southeast-1:000000000000:secret:${name}`;
      expect(arn.length).toBeLessThanOrEqual(100);
    }
  });
});
