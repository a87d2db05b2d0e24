import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Template {
  readonly Resources?: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, { Value: unknown; Export?: { Name: unknown } }>>;
}

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** A synthesized stack. */
export interface SynthesizedStack {
  readonly name: string;
  readonly template: Template;
  /** The folders of the stack's assets by their keys in the bucket, `<hash>.zip`. */
  readonly assetDirs: ReadonlyMap<string, string>;
}

interface Manifest {
  readonly artifacts: Record<
    string,
    {
      type: string;
      properties?: { templateFile?: string; stackName?: string; directoryName?: string };
    }
  >;
}

/** Every stack of a cloud assembly, those of nested assemblies (CDK stages) included. */
export function readStacks(directory: string): SynthesizedStack[] {
  const manifest = readJson<Manifest>(join(directory, 'manifest.json'));
  return Object.entries(manifest.artifacts).flatMap(([id, { type, properties = {} }]) => {
    if (type === 'cdk:cloud-assembly' && properties.directoryName) {
      return readStacks(join(directory, properties.directoryName));
    }
    if (type !== 'aws:cloudformation:stack' || !properties.templateFile) return [];
    return [
      {
        name: properties.stackName ?? id,
        template: readJson<Template>(join(directory, properties.templateFile)),
        assetDirs: readAssets(directory, properties.templateFile),
      },
    ];
  });
}

interface Assets {
  readonly files: Record<
    string,
    { source: { path: string }; destinations: Record<string, { objectKey: string }> }
  >;
}

function readAssets(directory: string, templateFile: string): Map<string, string> {
  const file = join(directory, templateFile.replace(/\.template\.json$/, '.assets.json'));
  const dirs = new Map<string, string>();
  for (const { source, destinations } of Object.values(readJson<Assets>(file).files)) {
    for (const { objectKey } of Object.values(destinations)) {
      dirs.set(objectKey, join(directory, source.path));
    }
  }
  return dirs;
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}
