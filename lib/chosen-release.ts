import type { Release } from './constructs/releases.ts';
import { DeployOptionError } from './deploy-option-error.ts';
import type { Stage } from './stages.ts';

const RELEASES: readonly Release[] = ['canary', 'at-once'];

/**
 * How a deploy gives functions their new versions: as its stage says, unless something else was
 * said of this one.
 *
 * @throws when that is no way to do it
 */
export function chosenRelease({ release }: Stage, given: string | undefined): Release {
  if (given === undefined) return release;
  const chosen = RELEASES.find((known) => known === given);
  if (chosen) return chosen;
  throw new DeployOptionError(
    `"${given}" is no way to release. Say -c release=${RELEASES.join(' or ')}.`,
  );
}
