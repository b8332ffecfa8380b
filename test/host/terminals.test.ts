import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { TerminalSpec } from '../../src/ports/terminals.ts';
import { polecatId } from '../../src/town/ids.ts';
import { schemes } from '../../src/vscode/contract.ts';
import { terminalLinks } from '../../src/vscode/terminalLinks.ts';
import { IntegratedTerminals } from '../../src/vscode/terminals.ts';
import { SurfaceUnderTest, eventually } from './surfaceUnderTest.ts';

/** Writes its environment, then every line it reads, each to a file. */
const program = `
const fs = require('node:fs');
const [, out] = process.argv;
fs.writeFileSync(out + '.tmp', JSON.stringify(process.env));
fs.renameSync(out + '.tmp', out);
process.stdin.on('data', (bytes) => fs.appendFileSync(out + '.heard', bytes));
`;

describe('A polecat’s terminal in a real VS Code', () => {
  let folder: string;
  let terminals: IntegratedTerminals;
  const put: (() => void)[] = [];

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'term-')));
    terminals = new IntegratedTerminals();
  });
  afterEach(async () => {
    for (const back of put.splice(0)) back();
    terminals.dispose();
    await eventually('no terminal', () => {
      // A panel that was about to show one opens a shell of its own instead.
      for (const one of vscode.window.terminals) one.dispose();
      return vscode.window.terminals.length === 0;
    });
    await rm(folder, { recursive: true, maxRetries: 5, retryDelay: 200 });
  });

  const fileOf = (number: number): string => join(folder, String(number));
  function specOf(number: number, more: Partial<TerminalSpec> = {}): TerminalSpec {
    return {
      polecat: polecatId('nux', number),
      token: number,
      title: `almanac/nux · Parse ${String(number)}`,
      file: process.execPath,
      args: ['-e', program, fileOf(number)],
      cwd: folder,
      env: { ELECTRON_RUN_AS_NODE: '1', GTR_RIG: 'almanac' },
      provider: 'codex',
      runner: 'codex',
      ...more,
    };
  }
  const heard = (number: number): Promise<string> =>
    readFile(`${fileOf(number)}.heard`, 'utf8').catch(() => '');
  const environment = async (number: number): Promise<Record<string, string>> => {
    const text = await eventually('the program', () => readFile(fileOf(number), 'utf8').catch(() => null));
    return JSON.parse(text) as Record<string, string>;
  };
  const created = (at: number): vscode.TerminalOptions =>
    vscode.window.terminals[at]?.creationOptions as vscode.TerminalOptions;

  it('gives its program what it was given, and keeps from it what it must not see', async () => {
    ok(process.env['PATH'] !== undefined && process.env['HOME'] !== undefined);
    await terminals.open(specOf(1, { without: ['HOME'] }));
    const found = await environment(1);
    equal(found['GTR_RIG'], 'almanac');
    equal(found['HOME'], undefined);
    ok(found['PATH']);
  });

  it('has a name of one harmless line, and the picture of its vendor', async () => {
    const title = `almanac/nux · \u001b[31mred\u001b[0m\n$(rm) ${'long '.repeat(40)}`;
    await terminals.open(specOf(1, { title }));
    const { name } = vscode.window.terminals[0] ?? {};
    match(name ?? '', /^almanac\/nux · red \$ \(rm\) long long/);
    ok((name ?? '').length <= 62, name);
    deepEqual(created(0).iconPath, new vscode.ThemeIcon('hubot'));
  });

  it('stands beside those of the same rig, up to three, and apart from another rig’s', async () => {
    for (const number of [1, 2, 3, 4]) await terminals.open(specOf(number));
    await terminals.open(specOf(5, { title: 'other/ace · Print' }));
    const parents = [0, 1, 2, 3, 4].map((at) => {
      const { location } = created(at);
      return typeof location === 'object' && 'parentTerminal' in location
        ? location.parentTerminal.name
        : null;
    });
    deepEqual(parents, [null, 'almanac/nux · Parse 1', 'almanac/nux · Parse 2', null, null]);
  });

  it('is found again by its process, whatever its name', async () => {
    await terminals.open(specOf(1));
    const pid = await vscode.window.terminals[0]?.processId;
    ok(pid);
    const again = new IntegratedTerminals();
    try {
      equal(await again.adopt(polecatId('nux', 1), 1, pid), true);
      equal(again.show(polecatId('nux', 1)), true);
    } finally {
      again.dispose();
    }
  });

  it('is typed into as one line with Enter, and not when it is gone', async () => {
    await terminals.open(specOf(1));
    await environment(1);
    equal(await terminals.type(polecatId('nux', 1), 1, 'look\nat \u001b[2Jthis'), 'typed');
    await eventually('the line', async () => (await heard(1)) === 'look at this\n');
    equal(await terminals.type(polecatId('nux', 1), 7, 'late'), 'gone');
    equal(await terminals.type(polecatId('ace', 9), 1, 'nobody'), 'gone');
  });

  it('is left alone while a person may be typing there', async () => {
    await terminals.open(specOf(1));
    await environment(1);
    const [terminal] = vscode.window.terminals;
    ok(terminal);
    terminal.show();
    await eventually('it in front', () => vscode.window.activeTerminal === terminal);
    // What a person types reaches the editor's account of it in the same way.
    terminal.sendText('half a li', false);
    await eventually('the touch', () => terminal.state.isInteractedWith);
    equal(await terminals.type(polecatId('nux', 1), 1, 'message'), 'busy');
    ok(!(await heard(1)).includes('message'));
  });

  it('keeps a line unsent when a person came while it was typed', async () => {
    await terminals.open(specOf(1));
    await environment(1);
    const other = vscode.window.createTerminal('other');
    other.show();
    await eventually('the other in front', () => vscode.window.activeTerminal === other);
    const typing = terminals.type(polecatId('nux', 1), 1, 'message');
    terminals.show(polecatId('nux', 1));
    equal(await typing, 'busy');
    ok(!(await heard(1)).includes('\n'));
  });
});

describe('Bead ids in terminals', () => {
  let under: SurfaceUnderTest;

  beforeEach(async () => {
    under = await SurfaceUnderTest.make();
  });
  afterEach(() => under.dispose());

  it('are links that open their bead', async () => {
    const [bead] = await under.scene.convoy('Durations', [{ title: 'Parse' }]);
    ok(bead);
    const line = `did ${bead}, not gt-ABCDE, agt-00001 or gt-000012`;
    const { token } = new vscode.CancellationTokenSource();
    const provider = terminalLinks(under.town);
    const terminal = vscode.window.createTerminal('any');
    const links = (await provider.provideTerminalLinks({ line, terminal }, token)) ?? [];
    terminal.dispose();
    deepEqual(
      links.map(({ startIndex, length }) => line.slice(startIndex, startIndex + length)),
      [bead],
    );
    const [link] = links;
    ok(link);
    await provider.handleTerminalLink(link);
    const document = vscode.window.activeTextEditor?.document;
    equal(document?.uri.scheme, schemes.bead);
    await eventually('its text', () => {
      // The editor may still hold the document of an earlier town with the same bead.
      under.town.tell();
      return document.getText().startsWith('# Parse\n');
    });
  });
});
