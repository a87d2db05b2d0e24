/** Who an ARN names, as people call one another: `user/anna`, `assumed-role/Ops/anna`. */
export function personName(arn: string): string {
  return /^arn:[^:]*:[^:]*:[^:]*:[^:]*:(.+)$/.exec(arn)?.[1] ?? arn;
}
