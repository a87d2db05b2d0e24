import { LOCAL_ACCOUNT, LOCAL_REGION } from '../aws/account.ts';
import { IDENTITIES } from './identities.ts';
import type { Resource, SynthesizedStack } from './template.ts';

/**
 * Resolves the intrinsic functions in one stack's values, those of other stacks' exports included.
 */
export type Resolve = (value: unknown) => unknown;

/**
 * Resolvers by the stacks' names.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
export function resolvers(stacks: readonly SynthesizedStack[]): Map<string, Resolve> {
  const exported = new Map<string, () => unknown>();
  const outputs = new Map<string, () => unknown>();
  const byStack = new Map(
    stacks.map((stack) => [stack.name, stackResolver(stack, exported, outputs)]),
  );
  for (const { name, template } of stacks) {
    const resolve = byStack.get(name)!;
    for (const [id, { Value, Export }] of Object.entries(template.Outputs ?? {})) {
      outputs.set(`${name}/${id}`, () => resolve(Value));
      if (Export) exported.set(String(resolve(Export.Name)), () => resolve(Value));
    }
  }
  return byStack;
}

function stackResolver(
  { name: stackName, template }: SynthesizedStack,
  exported: ReadonlyMap<string, () => unknown>,
  /** By the stack's name and the output's. */
  outputs: ReadonlyMap<string, () => unknown>,
): Resolve {
  const pseudo: Record<string, string> = {
    'AWS::AccountId': LOCAL_ACCOUNT,
    'AWS::NoValue': '',
    'AWS::Partition': 'aws',
    'AWS::Region': LOCAL_REGION,
    'AWS::StackName': stackName,
    'AWS::URLSuffix': 'amazonaws.com',
  };

  function resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    const [name, ...others] = Object.keys(value);
    const argument = (value as Record<string, unknown>)[name ?? ''];
    if (others.length === 0 && name !== undefined && (name === 'Ref' || name.startsWith('Fn::'))) {
      return call(name, argument);
    }
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, resolve(member)]));
  }

  function call(name: string, argument: unknown): unknown {
    switch (name) {
      case 'Ref':
        return pseudo[String(argument)] ?? identity(String(argument));
      case 'Fn::GetAtt': {
        const [logicalId, attribute] = Array.isArray(argument)
          ? argument.map(String)
          : String(argument).split(/\.(.*)/);
        return identity(logicalId ?? '', attribute ?? '');
      }
      case 'Fn::Join': {
        const [separator, members] = argument as [string, unknown[]];
        return members.map((member) => String(resolve(member))).join(separator);
      }
      case 'Fn::Select': {
        const [index, members] = argument as [number | string, unknown];
        return (resolve(members) as unknown[])[Number(index)];
      }
      case 'Fn::Split': {
        const [separator, text] = argument as [string, unknown];
        return String(resolve(text)).split(separator);
      }
      case 'Fn::Sub':
        return substitute(argument);
      case 'Fn::GetStackOutput': {
        const { StackName, OutputName } = argument as Record<string, unknown>;
        const [stack, output] = [String(resolve(StackName)), String(resolve(OutputName))];
        const find = outputs.get(`${stack}/${output}`);
        if (!find) {
          throw new Error(
            `${stackName} reads the output ${output} of ${stack}, which is not there.`,
          );
        }
        return find();
      }
      case 'Fn::ImportValue': {
        const exportName = String(resolve(argument));
        const find = exported.get(exportName);
        if (!find) throw new Error(`${stackName} imports ${exportName}, which no stack exports.`);
        return find();
      }
      default:
        throw new Error(`${stackName} uses ${name}, which the local stand-ins do not know.`);
    }
  }

  function substitute(argument: unknown): string {
    const [text, variables] = (Array.isArray(argument) ? argument : [argument, {}]) as [
      string,
      Record<string, unknown>,
    ];
    return text.replace(/\$\{(!?)([^}]+)\}/g, (all, literal, reference: string) => {
      if (literal) return all.replace('!', '');
      if (reference in variables) return String(resolve(variables[reference]));
      return String(
        reference.includes('.') ? call('Fn::GetAtt', reference) : call('Ref', reference),
      );
    });
  }

  function identity(logicalId: string, attribute?: string): string {
    const resource: Resource | undefined = template.Resources?.[logicalId];
    if (!resource) throw new Error(`${stackName} refers to ${logicalId}, which it does not have.`);
    const known = IDENTITIES[resource.Type];
    const answer = attribute === undefined ? known?.ref : known?.attributes?.[attribute];
    if (!answer) {
      const what = attribute === undefined ? 'Ref' : `the attribute ${attribute}`;
      throw new Error(
        `The local stand-ins do not know ${what} of ${logicalId} (${resource.Type}) in ${stackName}.`,
      );
    }
    return answer({ stackName, logicalId, resource, resolve });
  }

  return resolve;
}
