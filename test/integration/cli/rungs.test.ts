import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { CommandCall, CommandResult } from '../../../src/gateway/command.ts';
import { readDoor, writeDoor } from '../../../src/gateway/home.ts';
import type { Door } from '../../../src/gateway/server.ts';
import { until } from '../worker/until.ts';
import { type Rig, fakeDesk, nux, rigFolder } from '../gateway/fixtures.ts';
import { type Ran, type RunOptions, installRungs, run } from './rungWorld.ts';

const odd = [
  'a\nb\n',
  `"'\\ $(touch x) \`touch y\` $HOME ; & | * ?`,
  'ünï 🦀 Łāă \u0085',
  '-n',
  ' ',
  '%s\\n',
];

describe('rigs in a shell', () => {
  let installed: Awaited<ReturnType<typeof installRungs>>;
  let rig: Rig;
  let secret: string;
  let door: Door;
  let calls: CommandCall[];
  let hooks: { readonly event: string; readonly body: string; readonly signal: AbortSignal }[];
  let answer: (call: CommandCall) => CommandResult | Promise<CommandResult>;
  let hook: (event: string) => string | Promise<string>;

  before(async function () {
    this.timeout(60_000);
    installed = await installRungs();
  });

  after(() => rm(installed.folder, { recursive: true }));

  beforeEach(async () => {
    rig = await rigFolder();
    const deed = { commonDir: join(rig.folder, 'repository', '.git') };
    await writeFile(join(rig.folder, 'rig.json'), JSON.stringify(deed));
    secret = await rig.tokens.issue(nux);
    calls = [];
    hooks = [];
    answer = () => ({ exit: 0, out: 'done' });
    hook = () => '';
    await open();
  });

  afterEach(async () => {
    await door.close();
    await rm(rig.folder, { recursive: true });
  });

  async function open(): Promise<void> {
    const desk = fakeDesk({
      hook: async (...[, event, body, signal]) => {
        hooks.push({ event, body, signal });
        return hook(event);
      },
    });
    door = await rig.open(desk, {
      lookAfterMs: 50,
      run: async (_speaker, call) => {
        calls.push(call);
        return answer(call);
      },
    });
  }

  const asNux = (own: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
    RIGS_HOME: rig.home,
    RIGS_TOKEN: secret,
    RIGS_PATIENCE: '0',
    ...own,
  });

  type Rigs = (args: readonly string[], options?: Partial<RunOptions>) => Promise<Ran>;

  const rigsOf =
    (bin: string, program = 'rigs'): Rigs =>
    (args, options = {}) =>
      run(join(bin, program), args, { cwd: rig.folder, env: asNux(), ...options });

  /** The same on all rungs, all at once. */
  async function onAll(ask: (rigs: Rigs) => Promise<unknown>): Promise<Readonly<Record<string, unknown>>> {
    const all = [...installed.programs].map(async ([name, bin]) => [name, await ask(rigsOf(bin))] as const);
    return Object.fromEntries(await Promise.all(all));
  }

  /** What each rung must have come to. */
  const each = <T>(wanted: T): Readonly<Record<string, T>> =>
    Object.fromEntries([...installed.programs.keys()].map((name) => [name, wanted]));

  for (const rung of ['nc', 'curl', 'perl', 'node'])
    describe(`by ${rung}`, () => {
      let rigs: Rigs;

      before(function () {
        const bin = installed.programs.get(rung);
        if (bin === undefined) this.skip();
        rigs = rigsOf(bin);
      });

      it('hands over every word as it was given, and where it was called', async () => {
        const argv = ['bead', 'create', ...odd.slice(0, 1), '--description', ''];
        for (const word of odd) argv.push('--criterion', word);
        const cwd = join(rig.folder, `it's "odd" $(x) ü`);
        await mkdir(cwd);
        assert.deepEqual(await rigs(argv, { cwd }), { exit: 0, out: 'done\n', err: '' });
        const { id, ...call } = calls[0] ?? {};
        const given = { program: 'rigs', argv, cwd, stdin: '', columns: null, colours: false };
        assert.deepEqual(call, given);
        assert.match(String(id), /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
        assert.deepEqual((await readdir(cwd)).length + calls.length, 1);
      });

      it('reads stdin where a word says so, and else leaves it', async () => {
        const text = `${'line ü\n'.repeat(14_000)}\n\n`;
        await rigs(['bead', 'create', 'x', '-d', '-'], { stdin: text });
        await rigs(['bead', 'create', 'x', '--description=-'], { stdin: 'short' });
        await rigs(['bead', 'create', 'x'], { stdin: text });
        // A difference of 100 KB tells nothing.
        assert.ok(calls[0]?.stdin === text, String(calls[0]?.stdin.length));
        assert.deepEqual(
          calls.slice(1).map(({ stdin }) => stdin),
          ['short', ''],
        );
      });

      it('prints what it is answered, to the byte, and ends as it is told', async () => {
        const outs = [
          '',
          'one line',
          'more\n\n\n',
          'Łāă ünï 🦀 \u0085 %s \\n $HOME',
          '.',
          'x\r\n\r\ny',
          'long '.repeat(60_000),
        ];
        const codes = [0, 0, 1, 2, 4, 0, 1];
        answer = ({ argv }) => ({ exit: codes[Number(argv[2])] ?? 9, out: outs[Number(argv[2])] ?? '' });
        const ran = await Promise.all(outs.map((_, at) => rigs(['bead', 'create', String(at)])));
        const wanted = outs.map((out, at) => {
          const printed = out === '' ? '' : `${out}\n`;
          const exit = codes[at];
          return exit === 0 ? { exit, out: printed, err: '' } : { exit, out: '', err: printed };
        });
        // A difference of 300 KB tells nothing.
        const last = outs.length - 1;
        assert.ok(ran[last]?.err === wanted[last]?.err, String(ran[last]?.err.length));
        assert.deepEqual(ran.slice(0, last), wanted.slice(0, last));
      });

      it("brings a vendor's hook to the desk, and its answer back", async () => {
        hook = () => '{"decision":"allow","reason":"ü"}';
        const body = `${JSON.stringify({ tool_response: '\n"x" ü'.repeat(20_000) })}\n`;
        const ran = await rigs(['agent-hook', 'PostToolUse'], { stdin: body });
        assert.deepEqual(ran, { exit: 0, out: '{"decision":"allow","reason":"ü"}\n', err: '' });
        assert.deepEqual(
          [hooks[0]?.event, JSON.parse(hooks[0]?.body ?? '')],
          ['PostToolUse', JSON.parse(body)],
        );
      });

      it('says a call again under its id when its answer got lost', async () => {
        answer = async () => {
          if (calls.length === 1) {
            await door.close();
            await open();
          }
          return { exit: 0, out: `at door ${String(calls.length)}` };
        };
        const argv = ['bead', 'create', 'x', '-d', '-'];
        const env = asNux({ RIGS_PATIENCE: '9' });
        assert.deepEqual((await rigs(argv, { stdin: 'ü\n', env })).out, 'at door 2\n');
        assert.deepEqual(calls[0], calls[1]);
        assert.equal(calls[0]?.stdin, 'ü\n');
      });

      it('finds a door that moved, and one whose socket leads nowhere', async () => {
        await door.close();
        await open();
        assert.equal((await rigs(['status'])).out, 'done\n');
        const dead = join(rig.folder, 'dead');
        await deadSocket(dead);
        const file = await readDoor(rig.home);
        assert.ok(file !== null);
        for (const socket of [dead, null]) {
          await writeDoor(rig.home, { ...file, socket });
          assert.equal((await rigs(['status'])).out, 'done\n');
        }
        assert.equal(calls.length, 3);
      });
    });

  /** As a killed window leaves one behind. */
  async function deadSocket(place: string): Promise<void> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(`${place}.at`, resolve));
    await rename(`${place}.at`, place);
    await new Promise((resolve) => server.close(resolve));
  }

  it('is the second seed’s program too', async () => {
    for (const bin of installed.programs.values()) await rigsOf(bin, 'rgt')(['status']);
    assert.deepEqual(new Set(calls.map(({ program }) => program)), new Set(['rgt']));
  });

  it('waits with a hook that asks a person, on each rung', async () => {
    hook = async () => {
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      return 'allow';
    };
    const ran = await onAll((rigs) => rigs(['agent-hook', 'PermissionRequest'], { stdin: '{}' }));
    assert.deepEqual(ran, each({ exit: 0, out: 'allow\n', err: '' }));
  }).timeout(20_000);

  it('ends a hook well and without a word when nobody can answer it', async () => {
    const silent = each({ exit: 0, out: '', err: '' });
    const stop = (rigs: Rigs, env: NodeJS.ProcessEnv) => rigs(['agent-hook', 'Stop'], { stdin: '{}', env });
    assert.deepEqual(await onAll((rigs) => stop(rigs, asNux({ RIGS_TOKEN: 'wrong' }))), silent);
    assert.deepEqual(await onAll((rigs) => stop(rigs, {})), silent);
    assert.deepEqual(await onAll((rigs) => stop(rigs, { RIGS_HOME: rig.home })), silent);
    await door.close();
    assert.deepEqual(await onAll((rigs) => stop(rigs, asNux())), silent);
    assert.deepEqual(await onAll((rigs) => stop(rigs, asNux({ RIGS_HOME: '/nowhere' }))), silent);
    await open();
  }).timeout(30_000);

  it('comes to the same on each rung when it is refused, and when no door is there', async () => {
    const create = (env: NodeJS.ProcessEnv) => onAll((rigs) => rigs(['bead', 'create', 'x'], { env }));
    const refused = await create(asNux({ RIGS_TOKEN: 'wrong' }));
    assert.deepEqual(refused, each(refused['node']));
    assert.match((refused['node'] as Ran).err, /token is not known/);
    answer = () => ({ exit: 3, out: 'Its memory cannot be written now.' });
    const later = await create(asNux());
    assert.deepEqual(later, each(later['node']));
    await door.close();
    const alone = await create(asNux());
    assert.deepEqual(alone, each(alone['node']));
    assert.notEqual((alone['node'] as Ran).exit, 0);
    await open();
  }).timeout(20_000);

  it('lets go of the door when the vendor ends its hook, whatever that left running', async () => {
    let end = (): void => undefined;
    const over = new Promise<string>((resolve) => {
      end = () => {
        resolve('');
      };
    });
    hook = () => over;
    const gone = new AbortController();
    const ran = onAll((rigs) =>
      rigs(['agent-hook', 'PermissionRequest'], { stdin: '{}', signal: gone.signal }).catch(() => 'ended'),
    );
    await until(() => hooks.length === installed.programs.size);
    if (process.platform === 'linux') assert.deepEqual(await argumentsWith(secret), []);
    gone.abort();
    assert.deepEqual(await ran, each('ended'));
    // curl alone does not notice until its answer is there.
    const curls = installed.programs.has('curl') ? 1 : 0;
    await until(() => hooks.filter(({ signal }) => !signal.aborted).length <= curls);
    end();
  }).timeout(20_000);

  /** Command lines of all processes that have a text in them: everybody can read those. */
  async function argumentsWith(text: string): Promise<readonly string[]> {
    const found: string[] = [];
    for (const pid of await readdir('/proc')) {
      if (!/^\d+$/.test(pid)) continue;
      const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      if (line.includes(text)) found.push(line);
    }
    return found;
  }

  it('carries twenty calls at once, each with its own answer', async () => {
    answer = ({ argv }) => ({ exit: 0, out: argv.join(' ') });
    const fast = [...installed.programs].filter(([name]) => name !== 'node').map(([, bin]) => rigsOf(bin));
    const [rigs] = fast;
    if (rigs === undefined) return;
    const titles = Array.from({ length: 20 }, (_, at) => `bead create ${String(at)}`);
    const ran = await Promise.all(titles.map((title) => rigs(title.split(' '))));
    assert.deepEqual(
      ran.map(({ out }) => out.trimEnd()),
      titles,
    );
    assert.equal(new Set(calls.map(({ id }) => id)).size, 20);
  });

  describe('is read by', () => {
    const shells: Readonly<Record<string, readonly string[]>> = {
      dash: ['dash'],
      bash: ['bash'],
      'bash as sh': ['bash', '--posix'],
      zsh: ['zsh'],
      busybox: ['busybox', 'sh'],
    };
    for (const [name, [file = '', ...args]] of Object.entries(shells))
      it(name, async function () {
        const [bin] = [...installed.programs].filter(([rung]) => rung !== 'node').map(([, folder]) => folder);
        if (bin === undefined || !isHere(file)) this.skip();
        const argv = ['bead', 'create', ...odd, '-d', '-'];
        const out = `${'Łāă ünï 🦀 '.repeat(20_000)}\n\n`;
        answer = () => ({ exit: 0, out });
        const options = { cwd: rig.folder, env: asNux({ LC_ALL: 'C.UTF-8' }), stdin: 'ü\n\n' };
        const ran = await run(file, [...args, join(bin, 'rigs'), ...argv], options);
        assert.deepEqual(ran, { exit: 0, out: `${out}\n`, err: '' });
        assert.deepEqual([calls[0]?.argv, calls[0]?.stdin], [argv, 'ü\n\n']);
      });

    for (const shell of ['fish', 'zsh', 'bash'])
      it(`nobody but /bin/sh when ${shell} calls it`, async function () {
        const bin = installed.programs.get('nc') ?? installed.programs.get('curl');
        if (bin === undefined || !isHere(shell)) this.skip();
        const env = asNux({ PATH: `${bin}:${process.env['PATH'] ?? ''}`, HOME: rig.folder });
        const ran = await run(shell, ['-c', "rigs bead create 'a b' ü; rgt status"], {
          cwd: rig.folder,
          env,
        });
        assert.deepEqual(ran, { exit: 0, out: 'done\ndone\n', err: '' });
        assert.deepEqual(calls[0]?.argv, ['bead', 'create', 'a b', 'ü']);
      });

    function isHere(file: string): boolean {
      try {
        execFileSync('/bin/sh', ['-c', `command -v ${file}`], { stdio: 'pipe' });
        return true;
      } catch {
        return false;
      }
    }
  });

  it('says what to do when its scripts are gone', async () => {
    const [bin] = [...installed.programs].filter(([rung]) => rung !== 'node').map(([, folder]) => folder);
    if (bin === undefined) return;
    const text = await readFile(join(bin, 'rigs'), 'utf8');
    const moved = join(rig.folder, 'moved');
    await writeFile(moved, text.replaceAll('/dist ', '/gone '), { mode: 0o700 });
    const { exit, err } = await run(moved, ['goal', 'plan', 'x'], { env: asNux() });
    assert.equal(exit, 3);
    assert.match(err, /Open the folder in VS Code again/);
    const silent = await run(moved, ['agent-hook', 'Stop'], { env: asNux({ RIGS_HOME: '/nowhere' }) });
    assert.deepEqual(silent, { exit: 0, out: '', err: '' });
  });
});
