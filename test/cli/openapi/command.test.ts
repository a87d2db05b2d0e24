import { expect, it } from 'vitest';
import { openApiCommand } from '../../../cli/openapi/command.ts';
import { UsageError } from '../../../cli/usage-error.ts';

it('npm run openapi takes no --release that it would not make', () => {
  expect(() => openApiCommand.read(['--coverage', 'seen', '--release'])).toThrow(
    new UsageError(
      '--release does not go with --coverage; npm run openapi -- --help shows the options.',
    ),
  );
});

it.each(['', '/none', '/'])('npm run openapi says that it cannot read %j', async (coverage) => {
  const given = { coverage, release: false };
  await expect(openApiCommand.run(given, new AbortController().signal)).rejects.toThrow(UsageError);
});
