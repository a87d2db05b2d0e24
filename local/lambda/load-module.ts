import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/**
 * A function's module as Lambda's runtime loads it: `<path>.cjs` where there is no `<path>.mjs`.
 * Other spellings, such as `.js` with its package.json, are left out.
 *
 * @see https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/UserFunction.js
 */
export async function loadModule(path: string): Promise<Record<string, unknown>> {
  const commonJs = `${path}.cjs`;
  const module = `${path}.mjs`;
  if (!existsSync(module) && existsSync(commonJs)) {
    return createRequire(import.meta.url)(commonJs);
  }
  return import(pathToFileURL(module).href);
}
