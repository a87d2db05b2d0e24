import type { Alias } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { ServiceFunction, type ServiceFunctionProps } from './service-function.ts';

/** The alias's name. */
export const LIVE = 'live';

/**
 * A function that is called by an alias, which each deploy moves to the version of its code and
 * configuration. CloudFormation deletes the version before when the deploy is over, so there are
 * two at most.
 */
export class ReleasedFunction extends ServiceFunction {
  /** What callers call. */
  readonly live: Alias;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    super(scope, id, props);
    this.live = this.addAlias(LIVE, { description: 'The version that answers' });
  }
}
