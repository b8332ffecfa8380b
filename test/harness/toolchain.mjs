/**
 * What the bench runs on: a pinned Node, the project's packages, code-server (a real VS Code without a display) and
 * a headless Chromium. Whatever is lacking is installed, said aloud with its size, and kept outside the repository.
 * Plain JavaScript, because it runs on Node 20, before the pinned Node is there to strip types.
 */
import { spawn } from 'node:child_process';
import { access, mkdir, mkdtemp, readFile, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** code-server 4.N.p holds VS Code 1.N.p; from 4.133 on it needs Node 24. */
export const pinned = { node: '24.21.0', codeServer: '4.139.1' };
/** Types are stripped without a flag from here on; what lies below cannot run the bench at all. */
const oldestNode = [22, 18];

const platform = `${process.platform}-${process.arch}`;
/** What was installed once, for all checkouts. */
export const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'rigs-dev');

/** Something the bench needs and may not install by itself; the message holds the line to type. */
export class Lacking extends Error {
  name = 'Lacking';
}

export const say = (line) => void process.stdout.write(`${line}\n`);
const exists = (path) =>
  access(path).then(
    () => true,
    () => false,
  );

/** Runs a program quietly; its output is shown only when it fails. */
export async function run(file, args, { cwd = root, env = {} } = {}) {
  const child = spawn(file, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = [];
  child.stdout.on('data', (bytes) => output.push(bytes));
  child.stderr.on('data', (bytes) => output.push(bytes));
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  const text = Buffer.concat(output).toString();
  if (code !== 0) throw new Error(`${[file, ...args].join(' ')} failed (${code}):\n${text.slice(-4000)}`);
  return text;
}
const succeeds = (file, args) =>
  run(file, args).then(
    () => true,
    () => false,
  );

/** npm by its script where we know it: on Windows `npm` is a .cmd, which only a shell could start. */
async function npm(args, { cwd, env } = {}) {
  const beside = join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js');
  const script = process.env.npm_execpath ?? ((await exists(beside)) ? beside : undefined);
  const quiet = [...args, '--no-audit', '--no-fund'];
  return script ? run(process.execPath, [script, ...quiet], { cwd, env }) : run('npm', quiet, { cwd, env });
}

/** Fills a cache folder in a temporary one beside it and renames: a broken install never counts as one. */
export async function cached(name, announcement, fill) {
  const folder = join(cache, name);
  if (await exists(folder)) return folder;
  await mkdir(cache, { recursive: true });
  say(`Installing ${announcement} into ${cache} …`);
  const started = Date.now();
  const draft = await mkdtemp(join(cache, '.new-'));
  try {
    await fill(draft);
    await rename(draft, folder).catch(async (error) => {
      if (!(await exists(folder))) throw error; // another run finished the same install first
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  say(`  done in ${Math.round((Date.now() - started) / 1000)} s`);
  return folder;
}

/** Installs packages of exactly these versions into a folder. None of their install scripts runs. */
export async function npmInstall(folder, packages) {
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
  await npm(
    ['install', '--prefix', folder, '--ignore-scripts', '--no-package-lock', '--save-exact', ...packages],
    { cwd: folder },
  );
}

function isRecent(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
}

/** The Node that runs everything. Returns its executable. */
export async function ensureNode() {
  if (process.versions.node === pinned.node) return process.execPath;
  if (!['linux-x64', 'linux-arm64', 'win32-x64'].includes(platform)) {
    if (isRecent(process.versions.node)) return process.execPath;
    throw new Lacking(
      `Node ${process.versions.node} is too old and npm has no Node ${pinned.node} for ${platform}. ` +
        `Install Node ${pinned.node.split('.')[0]} (nodejs.org, or "brew install node@24") and run this again.`,
    );
  }
  const packageName = `node-${platform.replace('win32', 'win')}`;
  const folder = await cached(`node-${pinned.node}`, `Node ${pinned.node} (190 MB)`, (draft) =>
    npmInstall(draft, [`${packageName}@${pinned.node}`]),
  );
  return join(folder, 'node_modules', packageName, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

/** The packages npm itself noted as installed, against the lock file: no stamp that could lie. */
async function dependenciesMatch() {
  const read = async (path) => JSON.parse(await readFile(join(root, path), 'utf8')).packages;
  const wanted = await read('package-lock.json');
  const installed = await read('node_modules/.package-lock.json').catch(() => ({}));
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === '' || entry.version === installed[path]?.version || (entry.optional && !installed[path]),
  );
}

/** `node_modules` as the lock file says. */
export async function ensureDependencies() {
  if (await dependenciesMatch()) return;
  say("Installing the project's packages into node_modules (npm ci, 280 MB) …");
  const started = Date.now();
  await npm(['ci', '--ignore-scripts'], { cwd: root });
  say(`  done in ${Math.round((Date.now() - started) / 1000)} s`);
}

/** A link that some releases bring along and others leave to their install script. */
async function link(target, path) {
  if (!(await exists(path))) await symlink(target, path);
}

/** Native parts of code-server that only make its log quieter; they need a compiler. */
const quieterLogs = ['@vscode/spdlog', '@vscode/native-watchdog', '@vscode/deviceid'];

async function fillCodeServer(folder, node) {
  const env = {
    PATH: `${dirname(node)}${delimiter}${process.env.PATH}`,
    npm_config_nodedir: dirname(dirname(node)),
  };
  // Without install scripts: they compile kerberos and insist on a compiler, and the bench needs neither.
  await npmInstall(folder, [`code-server@${pinned.codeServer}`]);
  const vscode = join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  const extensions = join(vscode, 'extensions');
  const inside = ['install', '--omit=dev', '--ignore-scripts'];
  await npm([...inside, '--prefix', vscode], { cwd: vscode, env });
  await npm([...inside, '--prefix', extensions], { cwd: extensions, env });
  await run(node, ['postinstall.mjs'], { cwd: extensions, env });
  const system = process.platform === 'darwin' ? 'darwin' : 'linux';
  await link(`code-${system}.sh`, join(vscode, 'bin', 'remote-cli', 'code-server'));
  await link(`browser-${system}.sh`, join(vscode, 'bin', 'helpers', 'browser.sh'));
  const compiler = (await succeeds('g++', ['--version'])) && (await succeeds('make', ['--version']));
  if (compiler)
    await npm(['rebuild', '--prefix', vscode, ...quieterLogs], { cwd: vscode, env }).catch(() => undefined);
}

/** code-server's entry script, to be run by the pinned Node. */
export async function ensureCodeServer() {
  if (process.platform === 'win32')
    throw new Lacking('code-server does not run on Windows; use a desktop VS Code.');
  const node = await ensureNode();
  const folder = await cached(
    `code-server-${pinned.codeServer}`,
    `code-server ${pinned.codeServer}, a VS Code that needs no display (620 MB, about a minute)`,
    (draft) => fillCodeServer(draft, node),
  );
  return join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js');
}

const browsers = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
async function firstOf(paths) {
  for (const path of paths) if (await exists(path)) return path;
  return undefined;
}

/** How to run something as root without asking: as it is, or through a sudo that wants no password. */
async function asRoot() {
  if (process.getuid?.() === 0) return [];
  return (await succeeds('sudo', ['-n', 'true'])) ? ['sudo', '-n'] : undefined;
}
const start = (words, options) => run(words[0], words.slice(1), options);

/** Debian packages the headless shell by itself; elsewhere `chromium` may be a snap, which no script should install. */
const isDebian = async () => /^ID=debian$/m.test(await readFile('/etc/os-release', 'utf8').catch(() => ''));
const debianPackages = ['chromium-headless-shell', 'fonts-dejavu-core'];
const debianLine = `sudo apt-get update && sudo apt-get install -y ${debianPackages.join(' ')}`;

async function installByApt() {
  const prefix = await asRoot();
  if (prefix === undefined)
    throw new Lacking(`${whyChromium}, and installing it needs root. Type:\n  ${debianLine}`);
  say("Installing Debian's chromium-headless-shell and a font (64 MB to download, 225 MB on disk) …");
  const apt = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get'];
  await start([...apt, 'update']);
  await start([...apt, 'install', '-y', '--no-install-recommends', ...debianPackages]);
  return firstOf(browsers);
}

/** Playwright's own build needs no root, the libraries it lists for this system do. */
const playwrightFolder = join(cache, 'playwright');
async function playwrightBrowser() {
  const builds = await readdir(playwrightFolder).catch(() => []);
  const shells = builds.filter((name) => name.startsWith('chromium_headless_shell-'));
  const places = ['chrome-linux/headless_shell', 'chrome-headless-shell-linux64/chrome-headless-shell'];
  return firstOf(shells.flatMap((name) => places.map((place) => join(playwrightFolder, name, place))));
}
async function installByPlaywright() {
  const node = await ensureNode();
  const cli = join(root, 'node_modules', 'playwright-core', 'cli.js');
  say(`Installing Playwright's headless Chromium into ${playwrightFolder} (110 MB to download) …`);
  await run(node, [cli, 'install', '--only-shell', 'chromium'], {
    env: { PLAYWRIGHT_BROWSERS_PATH: playwrightFolder },
  });
  const browser = await playwrightBrowser();
  if (browser === undefined || (await succeeds(browser, ['--version']))) return browser;
  const prefix = await asRoot();
  if (prefix === undefined) {
    throw new Lacking(
      `${whyChromium}, and its libraries need root. Type:\n  sudo ${node} ${cli} install-deps chromium`,
    );
  }
  say('Installing the libraries it needs …');
  await start([...prefix, node, cli, 'install-deps', 'chromium']);
  return browser;
}

const whyChromium = 'What runs in a workbench (suites host and e2e, npm start) needs a headless Chromium';

/** A Chromium that needs no display. Returns its executable. */
export async function ensureChromium() {
  const found = process.env.RIGS_CHROMIUM ?? (await firstOf(browsers)) ?? (await playwrightBrowser());
  if (found !== undefined) return found;
  const installed = (await isDebian()) ? await installByApt() : await installByPlaywright();
  if (installed !== undefined) return installed;
  throw new Lacking(`${whyChromium}. Install Chromium or Chrome, or name one: RIGS_CHROMIUM=<executable>`);
}
