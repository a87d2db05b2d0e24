import {
  type OrderableDBInstanceOption,
  paginateDescribeDBEngineVersions,
  paginateDescribeOrderableDBInstanceOptions,
  RDSClient,
} from '@aws-sdk/client-rds';
import { resourcesOf } from '../../templates/assembly.ts';
import type { Check, Examined, Finding } from '../finding.ts';
import { findStack } from '../stacks.ts';

interface Engine {
  readonly name: string;
  readonly version: string;
  readonly instanceClass: string;
}

/** Whether a new cluster of the stage's engine can be had here, and with the Data API. */
export const engine: Check = {
  title: 'database engine',
  async find(examined) {
    const client = new RDSClient(examined.aws);
    try {
      const wanted = engineOf(examined);
      const all = await listOptions(client, wanted);
      const options = all.filter(({ DBInstanceClass: of }) => of === wanted.instanceClass);
      if (options.length > 0) {
        const zones = zonesOf(options);
        const placed = misplaced(examined, zonesOf(all), zones);
        const isNew = !(await isDeployed(examined));
        return [available(wanted, zones), ...(isNew ? placed : []), dataApi(wanted, options)];
      }
      return [await missing(examined, wanted, await listVersions(client, wanted.name))];
    } finally {
      client.destroy();
    }
  },
};

function engineOf({ assembly }: Examined): Engine {
  const [cluster] = resourcesOf(assembly, 'AWS::RDS::DBCluster');
  const [instance] = resourcesOf(assembly, 'AWS::RDS::DBInstance');
  if (!cluster || !instance) throw new Error('The CDK app has no database.');
  const { Engine: name, EngineVersion: version } = cluster.Properties;
  return { name, version, instanceClass: instance.Properties.DBInstanceClass };
}

/** Of all classes: the account's zones are known by those that are in any. */
async function listOptions(client: RDSClient, { name, version }: Engine) {
  const asked = { Engine: name, EngineVersion: version };
  const found: OrderableDBInstanceOption[] = [];
  for await (const page of paginateDescribeOrderableDBInstanceOptions({ client }, asked)) {
    found.push(...(page.OrderableDBInstanceOptions ?? []));
  }
  return found;
}

async function listVersions(client: RDSClient, name: string): Promise<string[]> {
  const found: string[] = [];
  for await (const page of paginateDescribeDBEngineVersions({ client }, { Engine: name })) {
    found.push(...(page.DBEngineVersions ?? []).flatMap(({ EngineVersion = [] }) => EngineVersion));
  }
  return found;
}

/** In their order, without local ones, which have longer names. */
function zonesOf(options: readonly OrderableDBInstanceOption[]): string[] {
  const names = options
    .flatMap(({ AvailabilityZones = [] }) => AvailabilityZones.map(({ Name = '' }) => Name))
    .filter((name) => /^[a-z-]+-\d[a-z]$/.test(name));
  return [...new Set(names)].sort();
}

function available({ name, version }: Engine, zones: readonly string[]): Finding {
  return { level: 'ok', says: `${name} ${version} can be had in ${zones.length} zones` };
}

/** CloudFormation puts a new stage's subnets into the first zones, whatever can be had there. */
function misplaced(
  { assembly }: Examined,
  zones: readonly string[],
  suitable: readonly string[],
): Finding[] {
  const subnets = resourcesOf(assembly, 'AWS::EC2::Subnet').length;
  const others = zones.slice(0, subnets).filter((zone) => !suitable.includes(zone));
  if (others.length === 0) return [];
  return [
    {
      level: 'warning',
      says: `Its subnets would be in the first ${subnets} zones, and it cannot be had in ${others.join(', ')}.`,
      advice:
        'Choose another region, or zones: availabilityZones for maxAzs in lib/constructs/isolated-network.ts.',
    },
  ];
}

function dataApi(
  { name, version }: Engine,
  options: readonly OrderableDBInstanceOption[],
): Finding {
  const says = options.map(({ SupportsHttpEndpoint }) => SupportsHttpEndpoint);
  if (says.includes(true)) return { level: 'ok', says: 'It has the Data API' };
  if (says.includes(false)) {
    return {
      level: 'problem',
      says: `${name} ${version} has no Data API here, by which alone functions reach it.`,
      advice: 'Choose another region, or ENGINE_VERSION in lib/constructs/order-database.ts.',
    };
  }
  return {
    level: 'warning',
    says: 'AWS does not say whether it has the Data API here.',
    advice: "AWS's page on the Data API lists versions by region.",
  };
}

async function isDeployed({ aws, assembly }: Examined): Promise<boolean> {
  const [database] = assembly.stacks;
  return database !== undefined && (await findStack(aws, database.name)) !== undefined;
}

/** Of a stage that is there nothing changes; a new one, or a restored one, could not be made. */
async function missing(
  examined: Examined,
  { name, version, instanceClass }: Engine,
  versions: readonly string[],
): Promise<Finding> {
  const nearest = nearestVersion(version, versions);
  return {
    level: (await isDeployed(examined)) ? 'warning' : 'problem',
    says: `${name} ${version} with ${instanceClass} cannot be had in ${examined.aws.region} (any more).`,
    advice: nearest
      ? `The nearest version is ${nearest}: ENGINE_VERSION in lib/constructs/order-database.ts.`
      : 'No version of it can: choose another region.',
  };
}

/** The one whose major version, and then whose minor version, is least far; the later of two. */
export function nearestVersion(wanted: string, versions: readonly string[]): string | undefined {
  const [major, minor] = numbersOf(wanted);
  const distance = (version: string) => {
    const [one, other] = numbersOf(version);
    return [Math.abs(one - major), Math.abs(other - minor), -one, -other];
  };
  return versions.toSorted((a, b) => compareLists(distance(a), distance(b)))[0];
}

function numbersOf(version: string): [number, number] {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return [major, minor];
}

function compareLists(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((number, i) => number !== other[i]);
  return at < 0 ? 0 : (one[at] ?? 0) - (other[at] ?? 0);
}
