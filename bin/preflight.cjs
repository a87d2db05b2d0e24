'use strict';

// Runs before every program of ours in package.json's scripts and before the CDK app, by `node -r`
// or alone, on any Node.js however old: says in one sentence what npm has not installed, and the
// command that does, or which option npm has kept for itself. Loopback is not for proxies.

var fs = require('fs');
var path = require('path');
var project = require('../package.json');

var NODE_MAJOR = 24;

function isInstalled(name) {
  return module.paths.some(function (folder) {
    return fs.existsSync(path.join(folder, name));
  });
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
  var isNodeOffered = project.optionalDependencies[node] !== undefined;
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
 * Options of our commands; but for the last of them npm has none of these names. Without `--` before
 * them npm keeps them for itself, and a deploy would be one of `dev`.
 */
var OPTIONS =
  'after again against alarm-email app certificate-arn check confirm content context coverage data demo ' +
  'domain examples excel expires filter from label minutes orders overlap-hours port preset profile ' +
  'release require-approval reset scopes secret stage text-bodies to dry-run';

/** The scripts that take options of ours. */
var COMMANDS =
  /^(?:start|upload|synth|deploy|data-api|admin|nightly|keys|sellers|doctor|review|smoke|bench|openapi)$/;

/** What npm has kept, as it was typed; or undefined. */
function findKept() {
  var env = process.env;
  var kept;
  // Its own -c is --call.
  if (/^(?:stage|alarmEmail|release|domain|certificateArn)[=:]/.test(env.npm_config_call || '')) {
    return '-c ' + env.npm_config_call;
  }
  Object.keys(env).forEach(function (variable) {
    var name = /^npm_config_/i.test(variable) && lettersOf(variable.slice('npm_config_'.length));
    OPTIONS.split(' ').forEach(function (option) {
      if (lettersOf(option) !== name || !env[variable]) return;
      kept = '--' + option + (env[variable] === 'true' ? '' : '=' + env[variable]);
    });
  });
  return kept;
}

/** npm writes some names as they were typed. */
function lettersOf(name) {
  return name.toLowerCase().replace(/[-_]/g, '');
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
var script = process.env.npm_lifecycle_event || '';
var kept = COMMANDS.test(script) && findKept();
if (kept) {
  console.error(
    'npm has kept ' +
      kept +
      ' for itself: say npm run ' +
      script +
      ' -- ' +
      kept +
      '.' +
      ' Where nobody has typed it, it is from an .npmrc or the environment.'
  );
  process.exit(1);
}
keepProxiesFromLoopback();
