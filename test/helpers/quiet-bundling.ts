// aws-cdk-lib writes a line for each function of each app that a test synthesizes, hundreds of
// them, and has no switch for that.
// https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/core/lib/asset-staging.ts

const IS_QUIET = Symbol.for('order-analytics.quiet');
const write = process.stderr.write as { (...args: unknown[]): boolean; [IS_QUIET]?: true };

if (!write[IS_QUIET]) {
  process.stderr.write = Object.assign(
    (...args: unknown[]) =>
      String(args[0]).startsWith('Bundling asset ') || write.apply(process.stderr, args),
    { [IS_QUIET]: true },
  );
}
