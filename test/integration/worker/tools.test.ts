import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmod,
  link,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startTimeOf } from '../../../src/system/processIdentity.ts';
import { edit, write } from '../../../src/worker/tools/edit.ts';
import { read } from '../../../src/worker/tools/read.ts';
import { run } from '../../../src/worker/tools/run.ts';
import { search } from '../../../src/worker/tools/search.ts';
import { ToolError } from '../../../src/worker/tools/toolError.ts';
import { until } from './until.ts';

const posix = process.platform !== 'win32';

describe('the file tools of the worker', () => {
  let folder: string;
  let worktree: string;
  const outside = (...parts: string[]) => path.join(folder, 'outside', ...parts);
  const inside = (...parts: string[]) => path.join(worktree, ...parts);
  const signal = new AbortController().signal;

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(path.join(tmpdir(), "rigs 'tools' ")));
    worktree = path.join(folder, 'tree');
    await mkdir(inside('src'), { recursive: true });
    await mkdir(outside(), { recursive: true });
    await writeFile(outside('secret.txt'), 'secret');
    await writeFile(inside('src', 'a.ts'), 'one\ntwo\nthree\n');
    execFileSync('git', ['init', '-q', worktree]);
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  /** Everything a path can be used for. */
  const uses: Readonly<Record<string, (given: string) => Promise<unknown>>> = {
    read: (given) => read(worktree, { path: given }),
    search: (given) => search(worktree, { pattern: 'e', path: given }, signal),
    edit: (given) => edit(worktree, { path: given, find: 'secret', replace: 'x' }),
    write: (given) => write(worktree, { path: given, content: 'x' }),
  };

  const traps: Readonly<Record<string, { readonly given: string; readonly set: () => Promise<unknown> }>> = {
    'a link to a file outside': { given: 'link', set: () => symlink(outside('secret.txt'), inside('link')) },
    'a file below a link to a folder outside': {
      given: 'link/secret.txt',
      set: () => symlink(outside(), inside('link')),
    },
    'a new file below a link to a folder outside': {
      given: 'link/new.txt',
      set: () => symlink(outside(), inside('link')),
    },
    'a new folder below a link outside': {
      given: 'link/new/deep.txt',
      set: () => symlink(outside(), inside('link')),
    },
    'a relative link that goes up': {
      given: 'src/link',
      set: () => symlink('../../outside/secret.txt', inside('src', 'link')),
    },
    'a link to a link outside': {
      given: 'b',
      set: async () => {
        await symlink(outside('secret.txt'), inside('a'));
        await symlink('a', inside('b'));
      },
    },
    'a link that leads nowhere, where a write would create its target': {
      given: 'link',
      set: () => symlink(outside('created.txt'), inside('link')),
    },
    'links in a circle': { given: 'loop', set: () => symlink('loop', inside('loop')) },
    "a link into git's own folder": { given: 'link/config', set: () => symlink('.git', inside('link')) },
    "a link to a file of git's": { given: 'link', set: () => symlink('.git/config', inside('link')) },
    'a device': { given: 'link', set: () => symlink('/dev/zero', inside('link')) },
    'a pipe': { given: 'pipe', set: () => Promise.resolve(execFileSync('mkfifo', [inside('pipe')])) },
    "git's own folder": { given: '.git/config', set: () => Promise.resolve() },
    "git's own folder in capitals": { given: '.GIT/config', set: () => Promise.resolve() },
    'the folder above': { given: '../outside/secret.txt', set: () => Promise.resolve() },
    'a file below a file': { given: 'src/a.ts/b', set: () => Promise.resolve() },
  };

  for (const [what, { given, set }] of Object.entries(traps))
    it(`refuse ${what}, in words, whatever it is used for`, async function () {
      if (!posix) this.skip();
      await set();
      const before = await readdir(outside());
      const config = await readFile(inside('.git', 'config'), 'utf8');
      for (const [name, use] of Object.entries(uses)) await assert.rejects(use(given), ToolError, name);
      assert.equal(await readFile(outside('secret.txt'), 'utf8'), 'secret');
      assert.deepEqual(await readdir(outside()), before);
      assert.equal(await readFile(inside('.git', 'config'), 'utf8'), config);
    });

  it('refuse an absolute path even to a file of the worktree, and say how to give it', async () => {
    await assert.rejects(read(worktree, { path: inside('src', 'a.ts') }), /relative to the worktree/);
  });

  it('follow a link that stays inside', async function () {
    if (!posix) this.skip();
    await symlink('src', inside('link'));
    await write(worktree, { path: 'link/b.ts', content: 'b\n' });
    assert.equal(await readFile(inside('src', 'b.ts'), 'utf8'), 'b\n');
  });

  it('read a file, a part of it with its place in the whole, and the names in a folder', async () => {
    assert.equal((await read(worktree, { path: 'src/a.ts' })).text, 'one\ntwo\nthree');
    assert.equal(
      (await read(worktree, { path: 'src/a.ts', from: 2, lines: 1 })).text,
      'two\n[lines 2 to 2 of 3]',
    );
    assert.equal((await read(worktree, { path: '.' })).text, 'src/');
    await assert.rejects(read(worktree, { path: 'src/a.ts', from: 9 }), /only 3 lines/);
    await assert.rejects(read(worktree, { path: 'src/none.ts' }), /no such file/);
  });

  it('do not take bytes for text', async () => {
    await writeFile(inside('image.png'), Buffer.from([0x89, 0x50, 0, 1]));
    await writeFile(inside('latin1.txt'), Buffer.from([0x66, 0xfc, 0x72]));
    for (const name of ['image.png', 'latin1.txt'])
      await assert.rejects(edit(worktree, { path: name, find: 'f', replace: 'g' }), /not a text file/);
  });

  it('write new files with the folders above them, and say how much changed', async () => {
    const { shown } = await write(worktree, { path: 'lib/deep/new.ts', content: 'a\nb\n' });
    assert.equal(await readFile(inside('lib', 'deep', 'new.ts'), 'utf8'), 'a\nb\n');
    assert.deepEqual(shown, ['+2 −0']);
    assert.deepEqual((await edit(worktree, { path: 'src/a.ts', find: 'two\n', replace: '2\n2b\n' })).shown, [
      '+2 −1',
    ]);
  });

  it('keep what a file may do, and leave another name of it as it was', async function () {
    if (!posix) this.skip();
    await chmod(inside('src', 'a.ts'), 0o755);
    await link(inside('src', 'a.ts'), outside('stored.ts'));
    await edit(worktree, { path: 'src/a.ts', find: 'two', replace: '2' });
    assert.equal((await stat(inside('src', 'a.ts'))).mode & 0o777, 0o755);
    assert.equal(await readFile(outside('stored.ts'), 'utf8'), 'one\ntwo\nthree\n');
    assert.deepEqual(await readdir(inside('src')), ['a.ts']);
  });

  it('search for a text or an expression, and pass over packages, git and what is no text', async () => {
    await mkdir(inside('node_modules'));
    await writeFile(inside('node_modules', 'x.js'), 'two');
    await writeFile(inside('image.png'), 'two\0');
    await writeFile(inside('b.txt'), 't.o two\n');
    const found = async (pattern: string, regex: boolean, at = '.') =>
      (await search(worktree, { pattern, regex, path: at }, signal)).text.split('\n');
    assert.deepEqual(await found('t.o', false), ['b.txt:1: t.o two']);
    assert.deepEqual(await found('^t.o$', true), ['src/a.ts:2: two']);
    assert.deepEqual(await found('two', false, 'src'), ['src/a.ts:2: two']);
    assert.deepEqual(await found('two', false, 'src/a.ts'), ['src/a.ts:2: two']);
    assert.deepEqual(await found('nowhere', false), ['Nothing found.']);
    await assert.rejects(found('(', true), /no regular expression/);
  });

  it('give up on an expression that would take for ever', async () => {
    await writeFile(inside('long.txt'), `${'a'.repeat(40)}!\n`);
    await assert.rejects(search(worktree, { pattern: '^(a+)+$', regex: true }, signal), /takes too long/);
  });
});

describe('a command of the worker', () => {
  let cwd: string;
  const node = (
    script: string,
    own: { timeoutMs?: number; signal?: AbortSignal; env?: NodeJS.ProcessEnv } = {},
  ) =>
    run(process.execPath, ['-e', script], {
      cwd,
      env: process.env,
      signal: new AbortController().signal,
      ...own,
    });

  before(async () => {
    cwd = await realpath(await mkdtemp(path.join(tmpdir(), 'rigs run ')));
  });

  after(async () => {
    await rm(cwd, { recursive: true });
  });

  it('runs in the worktree and answers with its exit code and both its outputs', async () => {
    const { text, shown } = await node(
      'console.log(process.cwd()); console.error("bad"); process.exitCode = 3',
    );
    assert.match(text, /^exit code 3\n/);
    assert.ok(text.includes(cwd) && text.includes('bad'), text);
    assert.match(shown[0] ?? '', /^exit code 3, \d+\.\d s$/);
  });

  it('gets its arguments as they are, with no shell between', async () => {
    const { text } = await run(process.execPath, ['-p', 'process.argv[1]', '$(touch hacked); *'], {
      cwd,
      env: process.env,
      signal: new AbortController().signal,
    });
    assert.match(text, /\$\(touch hacked\); \*/);
    assert.deepEqual(await readdir(cwd), []);
  });

  it('sees neither our token nor any key, and has no input to wait for', async () => {
    const env = { ...process.env, RIGS_TOKEN: 'hidden-1', SOME_API_KEY: 'hidden-2' };
    const script = 'console.log(JSON.stringify(process.env), require("node:fs").readFileSync(0).length)';
    const { text } = await node(script, { env });
    assert.doesNotMatch(text, /hidden/);
    assert.match(text, /} 0\n$/);
  });

  it('is told about in words when there is no such program', async () => {
    const nothing = run('npm test', [], { cwd, env: process.env, signal: new AbortController().signal });
    await assert.rejects(
      nothing,
      (error: unknown) => error instanceof ToolError && error.message.includes('no shell here'),
    );
  });

  it('ends with everything it started when its time is over, and keeps what it said', async () => {
    const script = `const child = require('node:child_process').spawn(process.execPath,
      ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'], { stdio: 'inherit' });
      console.log('child', child.pid); setInterval(() => {}, 1000);`;
    const { text } = await node(script, { timeoutMs: 700 });
    assert.match(text, /^stopped after 1 s/);
    const pid = Number(/child (\d+)/.exec(text)?.[1]);
    await until(async () => (await startTimeOf(pid)) === null);
  });

  it('leaves no process of its group behind when it ends by itself', async () => {
    const script = `const child = require('node:child_process').spawn(process.execPath,
      ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' }); console.log('child', child.pid); process.exit(0);`;
    const { text } = await node(script);
    const pid = Number(/child (\d+)/.exec(text)?.[1]);
    await until(async () => (await startTimeOf(pid)) === null);
  });

  it('is stopped at once when the session is', async () => {
    const stop = new AbortController();
    const running = node('setInterval(() => {}, 1000)', { signal: stop.signal });
    setTimeout(() => {
      stop.abort(new Error('Ctrl+C'));
    }, 200);
    await assert.rejects(running, /Ctrl\+C/);
  });

  it('may say far more than anybody reads', async () => {
    const { text } = await node('for (let i = 0; i < 200000; i += 1) console.log("line " + i)');
    assert.ok(text.length < 30_000);
    assert.match(text, /line 0\n/);
    assert.match(text, /characters left out/);
    assert.match(text, /line 199999\n$/);
  });
});
