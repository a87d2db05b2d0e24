// aws-cdk-lib writes a line for each function of each app that a test synthesizes, hundreds of
// them, and has no switch for that.
// https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/core/lib/asset-staging.ts

const write = process.stderr.write.bind(process.stderr) as (...args: unknown[]) => boolean;

process.stderr.write = (...args: unknown[]) =>
  String(args[0]).startsWith('Bundling asset ') || write(...args);
