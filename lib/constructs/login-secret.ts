import { Stack, Validations } from 'aws-cdk-lib';
import { type CfnSecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';

export interface LoginSecretProps {
  /** With which the secret's name begins; it is its logical id. */
  readonly name: string;
  readonly username: string;
  /** Whose login it is, in words. */
  readonly of: string;
}

/** A login of the database, with a password that nobody has seen. */
export class LoginSecret extends Secret {
  constructor(scope: Construct, id: string, { name, username, of }: LoginSecretProps) {
    super(scope, id, {
      description: `${Stack.of(scope).stackName}: login of ${of}`,
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ username }),
        generateStringKey: 'password',
        excludePunctuation: true,
        passwordLength: 40,
      },
    });
    // CloudFormation names the secret by it, and the Data API's model has ARNs of at most 100
    // characters. A name of our own would be taken for weeks after a stack was deleted.
    (this.node.defaultChild as CfnSecret).overrideLogicalId(name);
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'SecretRotation in the API stack rotates it: its function can be thrown away.',
    });
  }
}
