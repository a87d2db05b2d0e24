import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';

/** Resources of a template, by their logical ids. */
export type Resources = Readonly<
  // biome-ignore lint/suspicious/noExplicitAny: CloudFormation's own schema says what is in there
  Record<string, { readonly Type: string; readonly Properties: any }>
>;

/** What the API's stack of the synthesized app has: of the stage `dev`. */
export const apiResources = () => resourcesOf('api');

/** What the database's stack has. */
export const databaseResources = () => resourcesOf('database');

function resourcesOf(stack: string): Resources {
  const { assembly } = inject('cloud');
  const [file = ''] = readdirSync(assembly).filter((name) =>
    name.endsWith(`-${stack}.template.json`),
  );
  return JSON.parse(readFileSync(join(assembly, file), 'utf8')).Resources;
}
