import { gzipSync } from 'node:zlib';
import { compileErrors, validate as validateOpenApi } from '@readme/openapi-parser';
import { describe, expect, it } from 'vitest';
import { breakingChanges } from '../../cli/openapi/breaking-changes.ts';
import { openApiText } from '../../cli/openapi/document.ts';
import { parseBody } from '../../fixtures/upload-body.ts';
import { listOperations } from '../../functions/openapi/docs/api-document.ts';
import { isObject } from '../../functions/shared/is-object.ts';
import { readText } from '../architecture/source-files.ts';
import { validate } from '../helpers/contract/document.ts';

const TEXT = readText('docs/openapi.json');
const document = JSON.parse(TEXT);

/** The examples of all bodies, each with a pointer to its schema. */
function listExampleValues(part: unknown, pointer = ''): { schema: string; value: unknown }[] {
  if (!isObject(part)) return [];
  const own = isObject(part.examples) ? Object.values(part.examples) : [];
  return [
    ...own.map((one) => ({ schema: `${pointer}/schema`, value: isObject(one) && one.value })),
    ...Object.entries(part).flatMap(([name, inner]) =>
      listExampleValues(inner, `${pointer}/${encodeURIComponent(name.replaceAll('/', '~1'))}`),
    ),
  ];
}

describe('docs/openapi.json', () => {
  it('is what npm run openapi makes of routes, schemas and docs/api.md now', () => {
    expect(TEXT).toBe(openApiText());
  });

  it('is an OpenAPI 3.1 document, without extensions', async () => {
    const result = await validateOpenApi(JSON.parse(TEXT));
    expect(result.valid ? '' : compileErrors(result)).toBe('');
    expect(document.openapi).toMatch(/^3\.1\./);
    expect(TEXT).not.toMatch(/"x-/);
  });

  it('has examples that fit their schemas: those of docs/api.md, which tests play', () => {
    const examples = listExampleValues(document.paths, '/paths');
    expect(examples.length).toBeGreaterThan(12);
    const faults = examples.flatMap(({ schema, value }) => {
      return validate(schema, value).map((fault) => `${schema}: ${fault}`);
    });
    expect(faults).toEqual([]);
  });

  it('has values of parameters that fit them', () => {
    const faults = listOperations(document).flatMap(({ method, path, parameters = [] }) =>
      parameters.flatMap(({ name, example }, i) => {
        if (example === undefined) return [];
        const at = encodeURIComponent(path.replaceAll('/', '~1'));
        const pointer = `/paths/${at}/${method.toLowerCase()}/parameters/${i}/schema`;
        return validate(pointer, example).map((fault) => `${method} ${path} ${name}: ${fault}`);
      }),
    );
    expect(faults).toEqual([]);
  });

  it('has the types under which an upload is taken, those of a name of their own, too', async () => {
    const { content } = document.paths['/api/orders/upload'].post.requestBody;
    const types = Object.keys(content);
    expect(types).toEqual(['application/json', 'application/*+json', 'application/octet-stream']);
    for (const type of types) {
      const headers = { 'content-type': type.replace('*', 'vnd.orders') };
      expect(await parseBody(gzipSync('{}'), headers)).toEqual({});
    }
  });

  it('breaks nothing that was released, unless CHANGELOG.md names it as unreleased', () => {
    const released = JSON.parse(readText('docs/released/openapi.json'));
    const [, unreleased = ''] = readText('CHANGELOG.md').split(/^## /m);
    const unnamed = breakingChanges(released, document).filter(
      (change) => !unreleased.includes(change),
    );
    expect(unnamed).toEqual([]);
  });
});
