import { expect, it } from 'vitest';
import { openApiCommand } from '../../../cli/openapi/command.ts';
import { UsageError } from '../../../cli/usage-error.ts';

it.each(['', '/none', '/'])('npm run openapi says that it cannot read %j', async (coverage) => {
  const given = { coverage, release: false };
  await expect(openApiCommand.run(given, new AbortController().signal)).rejects.toThrow(UsageError);
});
