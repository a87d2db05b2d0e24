import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../usage-error.ts';

/** A CloudFormation template, as far as we look into it. */
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: CloudFormation's own schema says what is in there
  readonly Properties?: any;
}

/** What the CDK app gives for a stage. */
export interface Assembly {
  readonly stage: string;
  /** Its stacks in the order in which they are deployed. */
  readonly stacks: readonly SynthesizedStack[];
  /** The least version of CDK's bootstrap that it can be deployed with. */
  readonly bootstrapVersion: number;
}

export interface SynthesizedStack {
  readonly name: string;
  readonly template: Template;
}

interface Manifest {
  readonly artifacts: Readonly<
    Record<
      string,
      {
        readonly type: string;
        readonly properties?: {
          readonly templateFile?: string;
          readonly requiresBootstrapStackVersion?: number;
        };
      }
    >
  >;
}

const MANIFEST = 'manifest.json';

/**
 * Reads what `cdk synth` has written.
 *
 * @throws {UsageError} when it is of another stage, or not there
 */
export function readAssembly(folder: string, stage: string): Assembly {
  const { artifacts } = readJson<Manifest>(folder, MANIFEST, 'artifacts');
  const stacks = Object.entries(artifacts).flatMap(([name, { type, properties }]) =>
    type === 'aws:cloudformation:stack' && properties?.templateFile
      ? [{ name, template: readJson<Template>(folder, properties.templateFile, 'Resources') }]
      : [],
  );
  const foreign = stacks.find(({ name }) => !name.startsWith(`order-analytics-${stage}-`));
  if (foreign) throw new UsageError(`${folder} has ${foreign.name}, which is not of ${stage}.`);
  if (stacks.length === 0) throw noApp(folder, MANIFEST);
  const versions = Object.values(artifacts).map(
    ({ properties }) => properties?.requiresBootstrapStackVersion ?? 0,
  );
  return { stage, stacks, bootstrapVersion: Math.max(...versions) };
}

/** All resources of a type. */
export function resourcesOf({ stacks }: Assembly, type: string): Resource[] {
  return stacks.flatMap(({ template }) => resourcesIn(template, type));
}

export function resourcesIn({ Resources }: Template, type: string): Resource[] {
  return Object.values(Resources).filter(({ Type }) => Type === type);
}

/** @param member what is in it of all that it has to have */
function readJson<T>(folder: string, file: string, member: keyof T & string): T {
  try {
    const value = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    if (Object(value)[member] instanceof Object) return value;
  } catch (cause) {
    throw noApp(folder, file, { cause });
  }
  throw noApp(folder, file);
}

function noApp(folder: string, file: string, options?: ErrorOptions): UsageError {
  const advice = 'npm run synth writes one to cdk.out';
  return new UsageError(`${folder} is no synthesized app (${file}): ${advice}.`, options);
}
