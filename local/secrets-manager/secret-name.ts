const SUFFIX = '-AbCdEf'; // a hyphen and six characters of Secrets Manager's own

/** The name of a secret, by which it is found as well as by its ARN. */
export function secretName(arn: string): string {
  return arn.split(':').at(-1)!.slice(0, -SUFFIX.length);
}
