'use strict';

// Runs before the CDK's command line, by `node -r`. That only warns of options that it does not
// know, and goes on: told its stage as our other commands are, a deploy would be one of `dev`.

const TOLD_BY_CONTEXT = ['stage', 'alarmEmail', 'release', 'domain', 'certificateArn'];

const letters = (name) => name.replaceAll('-', '').toLowerCase();

for (const argument of process.argv.slice(2)) {
  const [option] = argument.split('=');
  const told = TOLD_BY_CONTEXT.find((name) => letters(name) === letters(option));
  if (told && option.startsWith('--')) {
    console.error(`The CDK knows no ${option}: say -c ${told}=….`);
    process.exit(1);
  }
}
