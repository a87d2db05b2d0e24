import { afterAll, beforeAll, beforeEach, inject } from 'vitest';
import { examine } from '../../../cli/doctor/doctor.ts';
import { type Assembly, type Resource, readAssembly } from '../../../cli/templates/assembly.ts';
import type { Listening } from '../../../local/aws/loopback.ts';
import { useEmptyDatabase } from '../../helpers/database.ts';
import { type Account, environmentOf, soundAccount, startAccount } from './account.ts';

/** Has an account, before each test one in which `dev` is deployed as it is now. */
export function useDoctor() {
  const test = useEmptyDatabase();
  const account = {} as Account;
  let server: Listening;
  /** What shall be deployed, onto the test's own database. */
  let assembly: Assembly;
  beforeAll(async () => {
    server = await startAccount(account);
    const { database } = test.address;
    const text = JSON.stringify(readAssembly(inject('cloud').assembly, 'dev'));
    assembly = JSON.parse(
      text.replace('"DatabaseName":"order_analytics"', `"DatabaseName":"${database}"`),
    );
    Object.assign(process.env, environmentOf(server));
  });
  afterAll(() => server[Symbol.asyncDispose]());
  beforeEach(() => {
    Object.assign(account, soundAccount(assembly, test.address));
  });

  return {
    account,
    get pg() {
      return test.pg;
    },
    get assembly() {
      return assembly;
    },

    /** What is deployed from now on. */
    deploy(deployed: Assembly): void {
      Object.assign(account, soundAccount(deployed, test.address));
    },

    /** The lines, without the spaces between their columns. */
    async look(what: Assembly = assembly) {
      const lines: string[] = [];
      const aws = { region: 'us-east-1', profile: undefined };
      const say = (line: string) => lines.push(line.replaceAll(/ {2,}/g, ' '));
      const problems = await examine({ assembly: what, aws }, say, new AbortController().signal);
      return { problems, lines };
    },

    /** The templates with something else in them. */
    changed(change: (resources: Record<string, Resource>) => void): Assembly {
      const copy: Assembly = structuredClone(assembly);
      for (const { template } of copy.stacks) change(template.Resources);
      return copy;
    },
  };
}

export const DATABASE = 'order-analytics-dev-database';
export const API = 'order-analytics-dev-api';
