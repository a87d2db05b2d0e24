import type { Template } from './assembly.ts';

/**
 * A template without what is another one after every change of code: the names of bundles, and the
 * logical ids of a function's versions.
 */
export function normalized(template: Template): Template {
  const text = JSON.stringify(template)
    .replaceAll(/\b[0-9a-f]{64}\.(zip|json)\b/g, 'ASSET.$1')
    .replaceAll(/CurrentVersion[0-9A-F]{8}[0-9a-f]{32}/g, 'CurrentVersion');
  return JSON.parse(text);
}
