import type { Parameter, RouteContract } from '../../functions/shared/contract/route-contract.ts';

/**
 * A route's parameters as OpenAPI has them, each with the value that the request in the heading of
 * docs/api.md has of it.
 */
export function parametersOf({ parameters, section }: RouteContract, routeKey: string) {
  const shown = shownValues(section, routeKey);
  return parameters.map((one) => {
    const values = shown.get(one.name);
    return { ...one, ...styleOf(one), ...(values && { example: exampleOf(one, values) }) };
  });
}

/** A list's values each come as a parameter of their own. */
function styleOf({ schema }: Parameter) {
  return schema.type === 'array' ? { style: 'form', explode: true } : {};
}

function exampleOf({ schema }: Parameter, values: readonly string[]): unknown {
  return schema.type === 'array' ? values : values[0];
}

/** @param section such as `GET /api/orders?user=test_seller` */
function shownValues(section: string, routeKey: string): Map<string, string[]> {
  const { pathname, searchParams } = new URL(section.split(' ')[1] ?? '', 'https://api.invalid');
  const shown = new Map<string, string[]>();
  for (const name of searchParams.keys()) shown.set(name, searchParams.getAll(name));
  const segments = pathname.split('/');
  for (const [i, segment] of (routeKey.split(' ')[1] ?? '').split('/').entries()) {
    const [, name] = /^\{(\w+)\}$/.exec(segment) ?? [];
    if (name) shown.set(name, [segments[i] ?? '']);
  }
  return shown;
}
