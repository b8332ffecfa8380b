import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { createChecks } from '../../src/foreman/checks/checks.ts';
import type { CheckDefinition } from '../../src/town/check.ts';
import { type CheckTests, createCheckTests } from '../../src/vscode/tests/checkTests.ts';
import { ControlAt, FakeTown } from '../fakes/fakeTown.ts';
import { rigId } from '../fakes/events.ts';
import { Scene } from '../fakes/scene.ts';
import { eventually } from './surfaceUnderTest.ts';

const script = (name: string, text: string): CheckDefinition => ({
  ...{ name, command: process.execPath, args: ['-e', text], timeoutMs: 60_000 },
  env: { ELECTRON_RUN_AS_NODE: '1' },
});

describe('The checks in the Test Explorer of a real VS Code', function () {
  this.timeout(60_000);
  let root: string;
  let scene: Scene;
  let tests: CheckTests;
  let told: string[];
  let printed: string;
  let places: (readonly [string, number])[];

  beforeEach(async () => {
    root = await realpath(await mkdtemp(path.join(tmpdir(), 'checks ')));
    const control = new ControlAt(root, path.join(root, '.state'));
    scene = new Scene(control);
    const { commonDir } = control.repository;
    await scene.say({ type: 'adoptRig', id: rigId, name: 'w', commonDir, target: 'main' });
    const town = new FakeTown().add('w', control);
    tests = createCheckTests({ town, checks: createChecks() }, `rigs.tests.${path.basename(root)}`);
    listen();
  });
  afterEach(async () => {
    tests.dispose();
    await rm(root, { recursive: true, force: true });
  });

  /** Hears what a run is told; nothing but the editor's own view could tell otherwise. */
  function listen(): void {
    [told, printed, places] = [[], '', []];
    const make = tests.controller.createTestRun.bind(tests.controller);
    const say =
      (what: string) =>
      (item: vscode.TestItem, message?: unknown): void => {
        told.push(`${what} ${item.label}`);
        if (message instanceof vscode.TestMessage && message.location !== undefined) {
          const { uri, range } = message.location;
          places.push([path.relative(root, uri.fsPath), range.start.line + 1]);
        }
      };
    Object.defineProperty(tests.controller, 'createTestRun', {
      value: (...args: Parameters<typeof make>) => {
        const run = make(...args);
        for (const what of ['started', 'passed', 'failed', 'errored', 'skipped'] as const) {
          const real = run[what].bind(run) as (...all: unknown[]) => void;
          Object.assign(run, {
            [what]: (item: vscode.TestItem, ...rest: unknown[]) => {
              say(what)(item, rest[0]);
              real(item, ...rest);
            },
          });
        }
        const append = run.appendOutput.bind(run);
        run.appendOutput = (text, ...rest) => {
          printed += text;
          append(text, ...rest);
        };
        return run;
      },
    });
  }

  const confirm = async (...definitions: readonly CheckDefinition[]): Promise<void> => {
    const checks = { definitions, hash: 'h', confirmedAt: 0 };
    await scene.say({ type: 'confirmChecks', checks });
    await eventually('the checks', () => (names().length === definitions.length ? true : null));
  };
  const rigItem = (): vscode.TestItem => {
    const found: vscode.TestItem[] = [];
    tests.controller.items.forEach((item) => found.push(item));
    const [only] = found;
    ok(only);
    return only;
  };
  const childrenOf = (item: vscode.TestItem): readonly string[] => {
    const found: string[] = [];
    item.children.forEach(({ label }) => found.push(label));
    return found;
  };
  const names = (): readonly string[] => childrenOf(rigItem());
  const run = (request = new vscode.TestRunRequest(), cancelling = new vscode.CancellationTokenSource()) =>
    tests.run(request, cancelling.token);

  it('stand below their rig, run in order and stop at the first that fails, with what it prints and where', async () => {
    await writeFile(path.join(root, 'sum.test.js'), '\n\n\n');
    const tap = 'TAP version 13\nnot ok 1 - adds up\n  at sum.test.js:3:1\n1..1\n';
    await confirm(
      script('lint', 'console.log("\\u001b[32mclean\\u001b[0m")'),
      script('test', `process.stdout.write(${JSON.stringify(tap)}); process.exitCode = 1`),
      script('build', ''),
    );
    deepEqual(names(), ['lint', 'test', 'build']);
    await run();
    deepEqual(told, [
      'started lint',
      'passed lint',
      'started test',
      'failed adds up',
      'failed test',
      'skipped build',
    ]);
    ok(printed.includes('\u001b[32mclean\u001b[0m\r\n'));
    deepEqual(places.at(-1), ['sum.test.js', 3]);
    const test = rigItem().children.get('test');
    ok(test);
    deepEqual(childrenOf(test), ['adds up']);
  });

  it('are run one by one, also by a test that fell in them', async () => {
    await confirm(script('lint', ''), script('test', ''));
    await run(new vscode.TestRunRequest([rigItem().children.get('test') ?? rigItem()]));
    deepEqual(told, ['started test', 'passed test']);
  });

  it('end with all that they started when the run is cancelled', async () => {
    await confirm(script('long', 'console.log("here"); setInterval(() => {}, 1000)'), script('next', ''));
    const cancelling = new vscode.CancellationTokenSource();
    const running = run(new vscode.TestRunRequest(), cancelling);
    await eventually('its output', () => (printed.includes('here') ? true : null));
    cancelling.cancel();
    await running;
    deepEqual(told, ['started long', 'skipped long', 'skipped next']);
  });

  it('that cannot be started are errors, and no failures', async () => {
    await confirm({ name: 'gone', command: 'no-such-program-at-all', args: [], timeoutMs: 1_000 });
    await run();
    deepEqual(told, ['started gone', 'errored gone']);
  });

  it('that nobody confirmed yet say how they are confirmed', async () => {
    const { error } = rigItem();
    match(typeof error === 'string' ? error : '', /Confirm Checks/);
    await run();
    equal(told[0], 'errored w');
  });
});
