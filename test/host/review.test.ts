import { deepEqual, equal, match, ok } from 'node:assert/strict';
import * as vscode from 'vscode';
import type { BeadId } from '../../src/town/ids.ts';
import { type ReviewThread, threadsOf } from '../../src/town/review.ts';
import { commands, schemes } from '../../src/vscode/contract.ts';
import { commit, requestId } from '../fakes/scene.ts';
import { SurfaceUnderTest, eventually } from './surfaceUnderTest.ts';

const before = 'one\ntwo\nthree\n';
const after = 'one\ntwo\nthree\nfour\nfive\n';

describe('A review of what would land, in a real VS Code', () => {
  let under: SurfaceUnderTest;
  let bead: BeadId;
  /** As the extension makes them in the editor. */
  let threads: vscode.CommentThread[];

  beforeEach(async () => {
    threads = [];
    const make = vscode.comments.createCommentController.bind(vscode.comments);
    // The editor's own object lets nobody play a part of it.
    const played = (id: string, label: string): vscode.CommentController => {
      const controller = make(id, label);
      const shown: Partial<vscode.CommentController> = {
        id,
        label,
        set options(given: vscode.CommentOptions) {
          controller.options = given;
        },
        set commentingRangeProvider(given: vscode.CommentingRangeProvider) {
          controller.commentingRangeProvider = given;
        },
        createCommentThread: (...args) => {
          const thread = controller.createCommentThread(...args);
          threads.push(thread);
          return thread;
        },
        dispose: () => {
          controller.dispose();
        },
      };
      return shown as vscode.CommentController;
    };
    const own = Object.getOwnPropertyDescriptor(vscode.comments, 'createCommentController');
    Object.defineProperty(vscode.comments, 'createCommentController', {
      configurable: true,
      writable: true,
      value: played,
    });
    under = await SurfaceUnderTest.make();
    if (own !== undefined) Object.defineProperty(vscode.comments, 'createCommentController', own);
    [bead = bead] = await under.scene.convoy('Durations', [{ title: 'Parse' }]);
    const [polecat] = await under.scene.start();
    ok(polecat);
    await under.scene.prove(polecat, requestId(1));
    under.town.changed = ['src/duration.ts'];
    under.town.texts.set(`${commit('a')}:src/duration.ts`, before);
    under.town.texts.set(`${commit('d')}:src/duration.ts`, after);
  });
  afterEach(() => under.dispose());

  const subject = (): object => ({
    kind: 'request',
    rig: under.control.repository.commonDir,
    request: requestId(1),
  });
  const kept = (): readonly ReviewThread[] => {
    const found = under.control.state.beads[bead];
    return found === undefined ? [] : threadsOf(found);
  };

  /** The changed side, as the diff opens it. */
  async function changedSide(): Promise<vscode.TextDocument> {
    await under.surface.run(commands.showDiff, subject());
    return eventually('the changed side', () =>
      vscode.workspace.textDocuments.find(
        ({ uri }) => uri.scheme === schemes.file && uri.query.includes('"side":"changed"'),
      ),
    );
  }

  async function comment(line: number, words: string): Promise<void> {
    const { uri } = await changedSide();
    // As the editor makes one when a person writes beside a line.
    const thread = { uri, range: new vscode.Range(line, 0, line, 0), comments: [], dispose: () => undefined };
    await under.surface.run(commands.addComment, { thread, text: words });
  }

  it('keeps what is written beside a line as a draft, and shows it there', async () => {
    await comment(3, 'Why four?');
    deepEqual(
      kept().map(({ place, state }) => [place.path, place.from, place.lines, place.commit, state]),
      [['src/duration.ts', 4, 'four', commit('d'), 'draft']],
    );
    const thread = await eventually('the comment', () => threads[0]);
    equal(thread.uri.path, '/src/duration.ts');
    equal(thread.range?.start.line, 3);
    equal(thread.contextValue, 'draft');
    const [shown] = thread.comments;
    equal(shown?.author.name, 'You');
    equal(shown.label, 'Draft');
  });

  it('sends all comments as one revision', async () => {
    await comment(3, 'Why four?');
    await comment(4, 'And five?');
    under.replace(vscode.window, 'showInputBox', () => Promise.resolve('Almost.'));
    await under.surface.run(commands.sendReview, subject());
    match(under.said.at(-1) ?? '', /The review is sent/);
    deepEqual(
      kept().map(({ state }) => state),
      ['sent', 'sent'],
    );
    const { polecat, reason } = under.control.state.beads[bead] ?? {};
    deepEqual([reason?.code, reason?.facts], ['review_sent', { count: 2, words: 'Almost.' }]);
    equal(under.control.state.polecats[polecat ?? ('' as never)]?.wants?.purpose, 'revise');
    equal(under.control.state.requests[requestId(1)]?.stage, 'ejected');
    await under.surface.run(commands.sendReview, undefined);
    match(under.said.at(-1) ?? '', /no comment that was not sent/);
  });

  it('shows an agent’s answer as text that can run nothing', async () => {
    await comment(3, 'Why four?');
    under.replace(vscode.window, 'showInputBox', () => Promise.resolve(''));
    await under.surface.run(commands.sendReview, subject());
    const [polecat] = await under.scene.start();
    const [thread] = kept();
    ok(polecat && thread);
    const words = '[so](command:rigs.stopTown) ![x](http://example.invalid/x.png) <b>x</b>';
    await under.scene.say({
      ...{ type: 'answerComment', polecat: polecat.id, token: polecat.token, thread: thread.id },
      ...{ words, resolve: true, call: 'c' },
    });
    const shown = await eventually('the answer', () => threads.find((one) => one.comments.length === 2));
    const body = shown.comments[1]?.body;
    ok(body instanceof vscode.MarkdownString);
    deepEqual([body.isTrusted, body.supportHtml], [false, false]);
    ok(!body.value.includes(']('), body.value);
    equal(shown.comments[1]?.author.name, polecat.name);
    equal(shown.state, vscode.CommentThreadState.Resolved);
  });

  it('moves a comment with its line when the agent has changed the file', async () => {
    await comment(3, 'Why four?');
    const { place } = kept()[0] ?? {};
    ok(place);
    under.town.moves.set('src/duration.ts', {
      path: 'src/duration.ts',
      hunks: [{ from: 0, removed: 0, to: 1, added: 2 }],
    });
    // As if it had been written on an older commit.
    await under.scene.say({
      ...{ type: 'draftComment', bead, thread: 'rt-00009' as never },
      ...{ place: { ...place, commit: commit('9') }, words: 'Older.' },
    });
    const moved = await eventually('the older comment', () =>
      threads.find((one) => one.label?.startsWith('rt-00009')),
    );
    equal(moved.range?.start.line, 5);
  });

  it('stands beside the evidence', async () => {
    await changedSide();
    const uri = await eventually('the evidence', () => {
      const found = vscode.workspace.textDocuments.find((one) => one.uri.scheme === schemes.evidence);
      return found?.uri;
    });
    const document = await vscode.workspace.openTextDocument(uri);
    await eventually('its words', () => {
      // The editor may still hold the document of an earlier town with the same bead.
      under.town.tell();
      return /^# Evidence of gt-\w+: Parse\n[^]*## Checks\n\n- test: passed/.test(document.getText());
    });
  });

  it('says what to do where there is nothing to comment on, and keeps what was refused', async () => {
    await under.surface.run(commands.addComment, undefined);
    match(under.said.at(-1) ?? '', /Open the diff of a merge request/);
    await comment(1, 'x'.repeat(2_001));
    match(under.said.at(-1) ?? '', /Not done/);
    equal(vscode.window.activeTextEditor?.document.getText(), 'x'.repeat(2_001));
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });
});
