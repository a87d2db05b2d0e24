import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { AwsJsonError } from '../aws/aws-json.ts';
import type { Secret } from './secret.ts';

const SecretId = v.pipe(v.string(), v.minLength(1), v.maxLength(2_048));
const VersionId = v.pipe(v.string(), v.minLength(32), v.maxLength(64));
const Stage = v.pipe(v.string(), v.minLength(1), v.maxLength(256));

const GetSchema = v.strictObject({
  SecretId,
  VersionId: v.optional(VersionId),
  VersionStage: v.optional(Stage),
});
const PutSchema = v.strictObject({
  SecretId,
  ClientRequestToken: v.optional(VersionId),
  SecretString: v.pipe(v.string(), v.minLength(1), v.maxBytes(65_536)),
  VersionStages: v.optional(v.pipe(v.array(Stage), v.minLength(1), v.maxLength(20))),
});
const DescribeSchema = v.strictObject({ SecretId });
const ListSchema = v.strictObject({});
const MoveSchema = v.strictObject({
  SecretId,
  VersionStage: Stage,
  MoveToVersionId: v.optional(VersionId),
  RemoveFromVersionId: v.optional(VersionId),
});

/**
 * The operations on secrets, by name. A member that is not known here is refused, so that nothing
 * that is asked for is left out unnoticed.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Operations.html
 */
export function secretOperations(
  secrets: readonly Secret[],
  find: (id: string) => Secret,
  isRotated: (arn: string) => boolean,
  beforePut: (secret: Secret, value: string) => void,
) {
  return {
    GetSecretValue(input: unknown) {
      const asked = parse(GetSchema, input);
      const secret = find(asked.SecretId);
      const { versionId, value, stages } = secret.get(asked.VersionId, asked.VersionStage);
      return {
        ARN: secret.arn,
        Name: secret.name,
        VersionId: versionId,
        SecretString: value,
        VersionStages: stages,
      };
    },
    PutSecretValue(input: unknown) {
      const asked = parse(PutSchema, input);
      const secret = find(asked.SecretId);
      const { ClientRequestToken: id = randomUUID(), VersionStages: stages = ['AWSCURRENT'] } =
        asked;
      beforePut(secret, asked.SecretString);
      secret.put(id, asked.SecretString, stages);
      const VersionStages = secret.stagesByVersion[id] ?? [];
      return { ARN: secret.arn, Name: secret.name, VersionId: id, VersionStages };
    },
    DescribeSecret(input: unknown) {
      const { arn: ARN, name: Name, stagesByVersion } = find(parse(DescribeSchema, input).SecretId);
      return { ARN, Name, RotationEnabled: isRotated(ARN), VersionIdsToStages: stagesByVersion };
    },
    ListSecrets(input: unknown) {
      parse(ListSchema, input);
      const SecretList = secrets.map(({ arn: ARN, name: Name }) => {
        return { ARN, Name, RotationEnabled: isRotated(ARN) };
      });
      return { SecretList };
    },
    UpdateSecretVersionStage(input: unknown) {
      const asked = parse(MoveSchema, input);
      const secret = find(asked.SecretId);
      secret.move(asked.VersionStage, asked.MoveToVersionId, asked.RemoveFromVersionId);
      return { ARN: secret.arn, Name: secret.name };
    },
  };
}

/** @throws {AwsJsonError} ValidationException */
export function parse<const TSchema extends v.GenericSchema>(
  schema: TSchema,
  input: unknown,
): v.InferOutput<TSchema> {
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  const where = result.issues.map((issue) => v.getDotPath(issue) ?? 'the request').join(', ');
  throw new AwsJsonError('ValidationException', `Value at ${where} failed to satisfy constraint`);
}
