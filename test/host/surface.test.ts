import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { reason } from '../../src/town/reason.ts';
import { type CommandId, commands, schemes, trees } from '../../src/vscode/contract.ts';
import type { TreeViews } from '../../src/vscode/started.ts';
import { beadUriParts } from '../../src/vscode/documents/beadUri.ts';
import { Scene, askId, commit, requestId } from '../fakes/scene.ts';
import { FakeControl } from '../fakes/fakeControl.ts';
import { SurfaceUnderTest, eventually } from './surfaceUnderTest.ts';
import { rigId } from '../fakes/events.ts';

interface Item {
  readonly label: string;
  readonly item: vscode.TreeItem;
  readonly element: unknown;
}

describe('The surface in a real VS Code', () => {
  let under: SurfaceUnderTest;

  beforeEach(async () => {
    under = await SurfaceUnderTest.make();
  });
  afterEach(() => under.dispose());

  async function rows(tree: keyof typeof trees, parent?: unknown): Promise<readonly Item[]> {
    const provider = under.surface.trees[trees[tree]];
    const found = (await provider.getChildren(parent)) ?? [];
    return Promise.all(
      found.map(async (element) => {
        const item = await provider.getTreeItem(element);
        return { label: item.label as string, item, element };
      }),
    );
  }

  /** Views as the loader lends them, of which only the badge is looked at. */
  function attach(): () => vscode.ViewBadge | undefined {
    const view = { badge: undefined as vscode.ViewBadge | undefined, reveal: () => Promise.resolve() };
    const views = Object.fromEntries(Object.values(trees).map((id) => [id, view]));
    under.surface.attach(views as unknown as TreeViews);
    return () => view.badge;
  }

  it('finds every command of the contract registered', async () => {
    await vscode.extensions.getExtension('rigs.rigs')?.activate();
    const known = new Set(await vscode.commands.getCommands(true));
    deepEqual(
      Object.values<string>(commands).filter((id) => !known.has(id)),
      [],
    );
  });

  it('counts on the container what needs a person, in singular and plural', async () => {
    const badge = attach();
    equal(badge(), undefined);
    await under.scene.say({ type: 'proposeChecks', ask: askId(1), definitions: [], hash: 'x' });
    await eventually('a badge of one', () => badge()?.value === 1);
    equal(badge()?.tooltip, '1 thing waits for you');
    const other = new FakeControl('/o/.git');
    under.town.add('o', other);
    const scene = new Scene(other);
    await scene.say({ type: 'adoptRig', id: rigId, name: 'o', commonDir: '/o/.git', target: 'main' });
    await scene.say({ type: 'proposeChecks', ask: askId(2), definitions: [], hash: 'y' });
    await eventually('a badge of two', () => badge()?.value === 2);
    equal(badge()?.tooltip, '2 things wait for you');
  });

  it('answers a permission from its row', async () => {
    await under.scene.convoy('Durations', [{ title: 'Parse' }]);
    const [polecat] = await under.scene.start();
    ok(polecat);
    const { id, token } = polecat;
    await under.scene.say({
      type: 'askPermission',
      ask: askId(1),
      polecat: id,
      token,
      tool: 'run',
      detail: 'make',
    });
    const [row] = await rows('needsYou');
    equal(row?.item.contextValue, 'need.permission');
    await under.surface.run(commands.alwaysAllow, row.element);
    equal(under.control.state.asks[askId(1)]?.answer, 'always');
    deepEqual(under.control.state.rig?.grants, ['make']);
  });

  it('says a refusal in words', async () => {
    await under.scene.convoy('Durations', [{ title: 'Parse' }]);
    const [polecat] = await under.scene.start();
    ok(polecat);
    await under.scene.prove(polecat, requestId(1));
    const subject = { kind: 'request', rig: under.control.repository.commonDir, request: requestId(1) };
    await under.surface.run(commands.ejectFromQueue, subject);
    equal(under.control.state.requests[requestId(1)]?.stage, 'ejected');
    await under.surface.run(commands.ejectFromQueue, subject);
    match(under.said.at(-1) ?? '', /^Not done: /);
  });

  it('tells the editor only of rows that changed', async () => {
    await under.scene.convoy('Durations', [{ title: 'Parse' }, { title: 'Print' }]);
    await eventually('groups', async () => (await rows('beads')).length === 1);
    const [group] = await rows('beads');
    const beads = await rows('beads', group?.element);
    const changed: unknown[] = [];
    const provider = under.surface.trees[trees.beads];
    provider.onDidChangeTreeData?.((element) => changed.push(element));
    const [first] = Object.values(under.control.state.beads);
    ok(first);
    await under.scene.say({ type: 'editBead', bead: first.id, changes: { title: 'Parse durations' } });
    await eventually('a change', () => changed.length > 0);
    deepEqual(changed, [beads[0]?.element]);
  });

  it('shows a hundred rows and the rest on request', async () => {
    await under.scene.convoy(
      'Much',
      Array.from({ length: 130 }, (_, at) => ({ title: `Task ${String(at)}` })),
    );
    const [group] = await eventually('groups', async () => {
      const found = await rows('beads');
      return found.length === 1 ? found : null;
    });
    const page = await rows('beads', group?.element);
    equal(page.at(-1)?.label, '30 more…');
    await under.surface.run(commands.showMore, page.at(-1)?.element);
    equal((await rows('beads', group?.element)).length, 130);
  });

  it('shows facts of others as text, never as Markdown or HTML', async () => {
    await under.scene.convoy('Evil', [{ title: '[x](command:evil) <b>y</b>' }]);
    const [group] = await rows('beads');
    const [bead] = await rows('beads', group?.element);
    ok(bead);
    const { token } = new vscode.CancellationTokenSource();
    const item = await under.surface.trees[trees.beads].resolveTreeItem?.(bead.item, bead.element, token);
    const tooltip = item?.tooltip;
    ok(tooltip instanceof vscode.MarkdownString);
    equal(tooltip.isTrusted ?? false, false);
    equal(tooltip.supportHtml ?? false, false);
    ok(tooltip.value.includes('\\[x\\]'), tooltip.value);
  });

  it('opens a bead as a document that follows it', async () => {
    const [bead] = await under.scene.convoy('Durations', [{ title: 'Parse' }]);
    ok(bead);
    const rig = under.control.repository.commonDir;
    await under.surface.run(commands.showBead, { kind: 'bead', rig, bead });
    const uri = vscode.Uri.from({ scheme: schemes.bead, ...beadUriParts(rig, bead) });
    const document = await eventually('the document', () =>
      vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString()),
    );
    await eventually('its text', () => {
      // The editor may still hold the document of an earlier town with the same bead.
      under.town.tell();
      return document.getText().startsWith('# Parse\n');
    });
    await under.scene.say({ type: 'editBead', bead, changes: { title: 'Parse durations' } });
    await eventually('the new title', () => document.getText().startsWith('# Parse durations'));
  });

  it('opens the diff of a landing in one editor, from which it can be approved', async () => {
    await under.scene.convoy('Durations', [{ title: 'Parse' }]);
    const [polecat] = await under.scene.start();
    ok(polecat);
    await under.scene.prove(polecat, requestId(1));
    under.town.changed = ['src/duration.ts', 'src/new.ts'];
    under.town.texts.set(`${commit('a')}:src/duration.ts`, 'before\n');
    under.town.texts.set(`${commit('d')}:src/duration.ts`, 'after\n');
    under.town.texts.set(`${commit('d')}:src/new.ts`, 'new\n');
    const rig = under.control.repository.commonDir;
    await under.surface.run(commands.showDiff, { kind: 'request', rig, request: requestId(1) });
    await eventually('the tab', () =>
      vscode.window.tabGroups.activeTabGroup.activeTab?.label.startsWith(`${polecat.bead} · Parse`),
    );
    await under.surface.run(commands.approveLanding, undefined);
    equal(under.control.state.requests[requestId(1)]?.approval, 'person');
  });

  it('shows among the Problems where a check failed, in the worktree of the work that it holds back', async () => {
    await under.scene.convoy('Durations', [{ title: 'Parse' }]);
    const [polecat] = await under.scene.start();
    ok(polecat);
    const { id, token } = polecat;
    const why = reason('check_failed', { name: 'test', exitCode: 1, file: 'src/duration.ts', line: 7 });
    const worktree = under.control.state.polecats[id]?.worktree ?? '';
    const place = vscode.Uri.file(join(worktree, 'src/duration.ts'));
    await under.scene.say({ type: 'claimDone', polecat: id, token, claim: 'c' });
    await under.scene.say({ type: 'evidenceMissing', polecat: id, token, reason: why, ask: askId(1) });
    const [problem] = await eventually('the problem', () => {
      const found = vscode.languages.getDiagnostics(place);
      return found.length > 0 ? found : null;
    });
    match(problem?.message ?? '', /Check test failed.*Parse/);
    equal(problem?.range.start.line, 6);
    await under.scene.say({ type: 'claimDone', polecat: id, token, claim: 'd' });
    await under.scene.say({ type: 'cancelBead', bead: polecat.bead });
    await eventually('its end', () => vscode.languages.getDiagnostics(place).length === 0);
  });

  it('says what went wrong instead of nothing', async () => {
    const failing = commands.showDiff satisfies CommandId;
    await under.scene.convoy('Durations', [{ title: 'Parse' }]);
    const [polecat] = await under.scene.start();
    ok(polecat);
    await under.scene.prove(polecat, requestId(1));
    under.town.changedFiles = () => Promise.reject(new Error('git is gone'));
    const rig = under.control.repository.commonDir;
    await under.surface.run(failing, { kind: 'request', rig, request: requestId(1) });
    match(under.said.at(-1) ?? '', /git is gone/);
  });
});
