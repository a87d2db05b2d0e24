/** A resource of some stack with its properties resolved. */
export interface ResolvedResource {
  readonly logicalId: string;
  readonly type: string;
  /** What `Ref` and the attribute with the ARN answer; empty where the type has none. */
  readonly ref: string;
  readonly arn: string;
  readonly properties: Properties;
}

// biome-ignore lint/suspicious/noExplicitAny: CloudFormation's own schema says what is in there
export type Properties = Readonly<Record<string, any>>;
