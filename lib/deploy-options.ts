import type { App } from 'aws-cdk-lib';
import { closestMatch } from 'leven';
import { DeployOptionError } from './deploy-option-error.ts';

export const DEPLOY_OPTIONS = [
  'stage',
  'alarmEmail',
  'release',
  'domain',
  'certificateArn',
] as const;

/** What a deploy was told by `-c`. */
export type DeployOptions = { readonly [Name in (typeof DEPLOY_OPTIONS)[number]]?: string };

/**
 * What a deploy was told. The CDK takes any name, so that a stage under a misspelt one would be a
 * deploy of `dev`; but it and other apps have names of their own there, which may be anything else.
 *
 * @throws {DeployOptionError} when a name is nearly one of these
 */
export function readDeployOptions({ node }: App): DeployOptions {
  for (const name of Object.keys(node.getAllContext())) {
    if (!DEPLOY_OPTIONS.some((known) => known === name)) refuseMisspelt(name);
  }
  return Object.fromEntries(DEPLOY_OPTIONS.map((name) => [name, node.tryGetContext(name)]));
}

function refuseMisspelt(name: string): void {
  const maxDistance = Math.floor(letters(name).length / 3);
  const meant = DEPLOY_OPTIONS.find(
    (known) => closestMatch(letters(name), [letters(known)], { maxDistance }) !== undefined,
  );
  if (!meant) return;
  throw new DeployOptionError(`A deploy knows no -c ${name}=…. Did you mean -c ${meant}=…?`);
}

/** By which names are the same that differ in case, dashes and underscores alone. */
export const letters = (name: string) => name.toLowerCase().replaceAll(/[-_]/g, '');
