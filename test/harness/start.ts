/**
 * `npm start`: a real VS Code with Rigs on a sample repository, whose goal a rehearsal carries to merged code.
 * `npm start -- --run` does it unattended in a headless browser and shows what came of it.
 */
import { randomBytes } from 'node:crypto';
import { access, mkdir, readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';
import { createRunGit } from '../../src/git/run.ts';
import { createSample } from '../../src/providers/rehearsal/sample.ts';
import { startCodeServer } from './codeServer.ts';
import { bench, vsixPath } from './places.ts';
import { startGroup } from './processes.ts';
import { runUnattended } from './startUnattended.ts';
import { Lacking, ensureChromium, ensureCodeServer, root, say } from './toolchain.mjs';

const { values } = parseArgs({ options: { run: { type: 'boolean', default: false } } });

/** A folder of its own for every start, so that nothing of an earlier one is touched. */
async function newPlace(): Promise<string> {
  const starts = join(bench, 'start');
  await mkdir(starts, { recursive: true });
  const numbers = (await readdir(starts)).map(Number).filter(Number.isInteger);
  const place = join(starts, String(Math.max(0, ...numbers) + 1));
  await mkdir(place);
  return place;
}

/** The desktop VS Code on PATH, as a program and not as a script a shell would have to run. */
async function desktopCode(): Promise<string | undefined> {
  const names = process.platform === 'win32' ? [join('..', 'Code.exe')] : ['code'];
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    if (process.platform === 'win32' && !folder.toLowerCase().includes('vs code')) continue;
    for (const name of names) {
      const file = join(folder, name);
      const found = await access(file).then(
        () => true,
        () => false,
      );
      if (found) return file;
    }
  }
  return undefined;
}

const display =
  process.platform !== 'linux' ||
  process.env['DISPLAY'] !== undefined ||
  process.env['WAYLAND_DISPLAY'] !== undefined;

/** Runs a program to its end; a failure says which. */
async function run(file: string, args: readonly string[]): Promise<void> {
  const code = await startGroup(file, args, { cwd: root, stdio: 'inherit' }).ended;
  if (code !== 0) throw new Lacking(`${file} ${args.join(' ')} ended with exit code ${String(code)}.`);
}

/** A window of the person's own VS Code, in a profile that is not theirs. */
async function openDesktop(code: string, place: string, folder: string): Promise<void> {
  const profile = ['--user-data-dir', join(place, 'profile'), '--extensions-dir', join(place, 'extensions')];
  await run(code, [...profile, '--install-extension', vsixPath, '--force']);
  await run(code, [...profile, '--new-window', folder]);
  say('\nVS Code opens with Rigs, in a profile of its own; yours is not touched.');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** A VS Code in the browser, for a machine without a desktop one; ends with Ctrl+C. */
async function openInBrowser(place: string, folder: string): Promise<void> {
  const password = randomBytes(9).toString('base64url');
  const server = await startCodeServer({
    vsix: vsixPath,
    port: await freePort(),
    auth: { password },
    userDataDir: join(place, 'profile'),
    extensionsDir: join(place, 'extensions'),
  });
  say(`\nOpen   ${server.url(folder)}\nPassword   ${password}\n\nCtrl+C ends it.`);
  await new Promise<void>((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  await server.stop();
}

const whatHappens = `
Rigs asks for a goal: take the first one it offers, look at the plan, and press Execute.
Three agents work at once. Look at the view Needs You: one agent asks for a permission, finished
work waits there for your approval, and Kill This Agent (view Rigs) shows that no work is lost.
The model's words are scripted here and say so; the editor, the terminals, git and the checks are real.`;

const yourOwn = `
With a repository of your own:
  npm run package, then install .rigs-test/rigs.vsix in your VS Code (Extensions: Install from VSIX…)
  Rigs: Set API Key…               the built-in agent then works with that provider
  Rigs: Execute Goal…              or right-click a TODO and Sling to Rig`;

async function agentsOnPath(): Promise<string> {
  const found: string[] = [];
  for (const name of ['claude', 'codex', 'gemini']) {
    for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
      const there = await access(join(folder, name)).then(
        () => true,
        () => false,
      );
      if (there && !found.includes(name)) found.push(name);
    }
  }
  return found.length === 0 ? 'none found' : found.join(', ');
}

async function main(): Promise<void> {
  const place = await newPlace();
  const folder = await createSample({
    git: createRunGit('git'),
    mediaFolder: join(root, 'media', 'rehearsal'),
    into: place,
  });
  say(`\nThe sample repository, with a remote beside it: ${folder}`);
  if (values.run) {
    await ensureChromium();
    await ensureCodeServer();
    process.exitCode = (await runUnattended(folder)).testsPass ? 0 : 1;
  } else {
    say(whatHappens);
    const code = display ? await desktopCode() : undefined;
    if (code === undefined) await openInBrowser(place, folder);
    else await openDesktop(code, place, folder);
  }
  say(yourOwn);
  say(
    `  Agent command lines on this machine (Rigs will run them in a later version): ${await agentsOnPath()}`,
  );
}

try {
  await main();
} catch (error) {
  if (!(error instanceof Lacking)) throw error;
  say(error.message);
  process.exitCode = 1;
}
