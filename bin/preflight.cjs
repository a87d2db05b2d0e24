'use strict';

// Runs before every program of package.json's scripts and before the CDK app, by `node -r` or alone,
// on any Node.js however old: says in one sentence what npm has not installed, and the command that
// does, or which option npm has kept for itself. Loopback is not for proxies.

var fs = require('fs');
var path = require('path');
var project = require('../package.json');

var NODE_MAJOR = 24;

function isInstalled(name) {
  return module.paths.some((folder) => fs.existsSync(path.join(folder, name)));
}

function someMissing(dependencies) {
  return !Object.keys(dependencies).every(isInstalled);
}

/** What is wrong, with what `npm ci` has to be told; or undefined. */
function findProblem() {
  if (someMissing(project.dependencies)) {
    return 'The packages of this project are not installed: run npm ci --include=dev --include=optional';
  }
  var platform = process.platform + '-' + process.arch;
  var node = 'node-' + platform.replace('win32', 'win');
  var isOld = parseInt(process.versions.node, 10) < NODE_MAJOR;
  var isNodeOffered = Object.hasOwn(project.optionalDependencies, node);
  var lacking = [];
  var flags = '';
  if (someMissing(project.devDependencies)) {
    lacking.push(
      'the packages for development (NODE_ENV=production and --omit=dev leave them out)'
    );
    flags += ' --include=dev';
  }
  if (
    (isOld && isNodeOffered && !isInstalled(node)) ||
    (isInstalled('esbuild') && !isInstalled('@esbuild/' + platform))
  ) {
    lacking.push('the programs for this machine (--omit=optional leaves them out)');
    flags += ' --include=optional';
  }
  if (lacking.length > 0)
    return 'npm has not installed ' + lacking.join(' and ') + ': run npm ci' + flags;
  if (!isOld) return undefined;
  var here = 'This needs Node.js ' + NODE_MAJOR + ' or later and is run by ' + process.version;
  return isNodeOffered
    ? here + ': start it by npm run or npx, which know the right one that npm has installed'
    : here + ': install a later one from https://nodejs.org';
}

/**
 * Options of our commands; npm has others of these names nowhere. Without `--` before them npm keeps
 * them for itself, and a deploy would be one of `dev`.
 */
var OPTIONS = [
  'after',
  'alarm-email',
  'app',
  'certificate-arn',
  'confirm',
  'content',
  'coverage',
  'data',
  'demo',
  'domain',
  'examples',
  'excel',
  'expires',
  'filter',
  'from',
  'label',
  'overlap-hours',
  'port',
  'release',
  'reset',
  'secret',
  'stage',
  'text-bodies',
  'to'
];

/** What npm has kept, as it was typed; or undefined. */
function findKept() {
  var env = process.env;
  var option;
  var value;
  var i;
  // Its own -c is --call.
  if (/^(?:stage|alarmEmail|release|domain|certificateArn)[=:]/.test(env.npm_config_call || '')) {
    return '-c ' + env.npm_config_call;
  }
  for (i = 0; i < OPTIONS.length; i += 1) {
    option = OPTIONS[i];
    value = env['npm_config_' + option.replace(/-/g, '_')];
    if (value) return '--' + option + (value === 'true' ? '' : '=' + value);
  }
  return undefined;
}

function keepProxiesFromLoopback() {
  var LOOPBACK = 'localhost,.localhost,127.0.0.1,127.0.0.1-127.255.255.254,::1';
  var kept = process.env.no_proxy || process.env.NO_PROXY;
  var hosts = kept ? kept + ',' + LOOPBACK : LOOPBACK;
  process.env.NO_PROXY = hosts;
  process.env.no_proxy = hosts;
}

var problem = findProblem();
if (problem) {
  console.error(problem + '.');
  process.exit(1);
}
var kept = findKept();
var script = 'npm run ' + (process.env.npm_lifecycle_event || 'NAME');
if (kept) {
  console.error('npm has kept ' + kept + ' for itself: say ' + script + ' -- ' + kept + '.');
  process.exit(1);
}
keepProxiesFromLoopback();
