import { isObject } from '../../functions/shared/is-object.ts';

/**
 * The same with a reference in place of every part that is one of these components, so that it is
 * said once.
 *
 * @param components by kind and name, as OpenAPI has them
 */
export function hoisted(
  value: object,
  components: Readonly<Record<string, Readonly<Record<string, object>>>>,
): object {
  const pointers = new Map(
    Object.entries(components).flatMap(([kind, members]) =>
      Object.entries(members).map(
        ([name, member]) => [JSON.stringify(member), `#/components/${kind}/${name}`] as const,
      ),
    ),
  );
  const replace = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(replace);
    if (!isObject(part)) return part;
    const pointer = pointers.get(JSON.stringify(part));
    return pointer === undefined ? inside(part) : { $ref: pointer };
  };
  const inside = (part: object): object =>
    Object.fromEntries(Object.entries(part).map(([name, one]) => [name, replace(one)]));
  return inside(value);
}
