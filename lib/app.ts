import { App, type AppProps } from 'aws-cdk-lib';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };

/**
 * The CDK app, before it has stacks. Its flags are here instead of in `cdk.json`, so that the CLI,
 * the tests and `npm start` synthesize the same templates. A new aws-cdk-lib may bring new flags:
 * look at `cdk diff` after an upgrade.
 */
export function createApp(props: Pick<AppProps, 'outdir'> = {}): App {
  return new App({
    ...props,
    analyticsReporting: false,
    context: {
      ...recommendedFlags,
      // CloudFormation itself refuses to take away what another stack still uses.
      '@aws-cdk/core:defaultCrossStackReferences': 'strong',
    },
  });
}
