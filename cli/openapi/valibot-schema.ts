import { type OverrideActionContext, toJsonSchema } from '@valibot/to-json-schema';
import type * as v from 'valibot';
import type { JsonSchema } from '../../functions/shared/contract/json-schema.ts';
import type { ListMetadata } from '../../functions/upload/fields.ts';

/**
 * What a valibot schema takes, as JSON Schema. A check that the converter does not see into says it
 * by metadata, which stands before what transforms the value.
 *
 * @throws when some part of it takes anything: then its metadata was forgotten
 */
export function schemaOfInput(schema: v.GenericSchema): JsonSchema {
  const converted: JsonSchema = JSON.parse(JSON.stringify(convert(schema)));
  requireContent(converted, '');
  return converted;
}

function convert(schema: v.GenericSchema) {
  const { $schema: _, ...converted } = toJsonSchema(schema, {
    typeMode: 'input',
    target: 'draft-2020-12',
    // Its metadata, or the check for empty schemas, comes after it.
    overrideSchema: ({ valibotSchema, jsonSchema }) =>
      valibotSchema.type === 'custom' ? jsonSchema : undefined,
    overrideAction: convertAction,
  });
  return converted;
}

function convertAction({ valibotAction, jsonSchema }: OverrideActionContext) {
  if (valibotAction.type === 'raw_check') return jsonSchema;
  if (!isListMetadata(valibotAction)) return undefined;
  const { members, ...list } = valibotAction.metadata;
  return { ...JSON.parse(JSON.stringify(list)), items: convert(members) };
}

function isListMetadata(action: object): action is { readonly metadata: ListMetadata } {
  const metadata = 'metadata' in action ? action.metadata : undefined;
  return typeof metadata === 'object' && metadata !== null && 'members' in metadata;
}

function requireContent(schema: JsonSchema, at: string): void {
  if (Object.keys(schema).length === 0) throw new Error(`The schema of ${at || '/'} says nothing.`);
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    requireContent(field, `${at}/${name}`);
  }
  for (const choice of schema.anyOf ?? []) requireContent(choice, at);
  if (schema.items) requireContent(schema.items, `${at}/-`);
}
