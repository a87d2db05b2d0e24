import { describe, expect, it } from 'vitest';
import { API, DATABASE, useDoctor } from './use-doctor.ts';

const { account, look } = useDoctor();

describe('the doctor', () => {
  it.each([
    ['UPDATE_IN_PROGRESS', 'Another deploy is under way'],
    ['UPDATE_ROLLBACK_FAILED', 'Rolling back, says how to go on'],
    ['DELETE_FAILED', 'its events say what failed'],
  ])('finds a stack that is %s', async (status, advice) => {
    account.stacks[API] = { ...account.stacks[API], status };
    const { problems, lines } = await look();
    expect(problems).toBe(1);
    expect(lines[3]).toMatch(new RegExp(`^problem stacks ${API} is ${status}\n .*${advice}`));
  });

  it.each([
    ['ROLLBACK_COMPLETE', /^ok stacks \S+ is ROLLBACK_COMPLETE, and deleted by the deploy before /],
    ['ROLLBACK_FAILED', /^warning stacks .* deleted by the deploy .*\n What .* may refuse again/],
    ['UPDATE_FAILED', /^warning stacks \S+ is UPDATE_FAILED\.\n A deploy was not rolled back/],
  ])('lets a deploy go on from what one before has left as %s', async (status, says) => {
    account.stacks[API] = { ...account.stacks[API], status };
    const { problems, lines } = await look();
    expect(problems).toBe(0);
    expect(lines[3]).toMatch(says);
  });

  it.each([
    [
      'ROLLBACK_COMPLETE',
      `aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${DATABASE}`,
    ],
    ['ROLLBACK_FAILED', 'docs/operations.md, First deploy, says what is left'],
  ])('says how to take the protection off what a first deploy has left as %s', async (status, advice) => {
    account.stacks[DATABASE] = { ...account.stacks[DATABASE], status, isProtected: true };
    const { problems, lines } = await look();
    expect(problems).toBe(1);
    expect(lines[2]).toContain(`problem stacks ${DATABASE} is ${status}\n`);
    expect(lines[2]).toContain(advice);
  });

  it('takes what a first deploy has left for nothing that is deployed', async () => {
    account.stacks[DATABASE] = { ...account.stacks[DATABASE], status: 'ROLLBACK_COMPLETE' };
    account.engines = {};
    const { problems, lines } = await look();
    expect(problems).toBe(1);
    expect(lines[4]).toMatch(/^problem database engine .* cannot be had/);
    expect(lines).toContainEqual(expect.stringMatching(/^ok migrations All \d+ run, on a new/));
    expect(lines).toContain(`ok changes ${DATABASE}: all of it is new`);
  });
});
