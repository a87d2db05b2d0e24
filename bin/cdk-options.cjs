'use strict';

// Runs before the CDK's command line, by `node -r`. That only warns of what it does not understand,
// and goes on: told its stage as our other commands are, or without a value, a deploy would be one
// of `dev`.

const { DEPLOY_OPTIONS, letters } = require('../lib/deploy-options.ts');

const nameOf = (text) => DEPLOY_OPTIONS.find((name) => letters(name) === letters(text));

function refuse(sentence) {
  console.error(sentence);
  process.exit(1);
}

/** What stands behind `-c` or `--context`, however that is written. */
function assignmentsIn(args) {
  return args.flatMap((argument, i) => {
    if (argument === '-c' || argument === '--context') return args.slice(i + 1, i + 2);
    const [, assignment] = /^(?:--context=|-c=)([^-].*)/.exec(argument) || [];
    return assignment === undefined ? [] : [assignment];
  });
}

const args = process.argv.slice(2);
for (const argument of args) {
  const told = argument.startsWith('--') && nameOf(argument.split('=')[0]);
  if (told) refuse(`The CDK knows no ${argument.split('=')[0]}: say -c ${told}=….`);
}

// Of the ways in which the CDK reads `-c`, those that nobody needs are not looked at further.
for (const [i, argument] of args.entries()) {
  if (/^(?:-c|--context)(?:=|$)/.test(argument)) continue;
  const [, behind] = /^(?:-\w*?c|--c(?=[.=]|$)|--context(?=\.))[.=]?(.*)/s.exec(argument) || [];
  const told = behind !== undefined && nameOf((behind || args[i + 1] || '').split(/[=:]/)[0]);
  if (told) refuse(`The CDK takes no ${argument}: say -c ${told}=….`);
}

const values = new Map();
for (const assignment of assignmentsIn(args)) {
  const [, text, value] = /^([^=]*)(?:=(.*))?$/s.exec(assignment);
  const told = nameOf(text.split(':')[0]);
  if (!told) continue;
  if (value === undefined) refuse(`The CDK takes no -c ${assignment}: say -c ${told}=….`);
  if (values.has(told) && values.get(told) !== value) {
    refuse(`-c ${told}=… comes twice, with different values: say it once.`);
  }
  values.set(told, value);
}
