import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { clearAside } from '../../../src/foreman/checks/aside.ts';
import type { EditorProblems, SeenFile } from '../../../src/ports/editorProblems.ts';
import type { CheckResult } from '../../../src/town/check.ts';
import type { CommitId, RequestId } from '../../../src/town/ids.ts';
import { type Sandbox, sandbox, withoutPersonalConfig } from '../git/sandbox.ts';
import { QueueRig } from './queueRig.ts';

/** Finds an error in each line that begins with `!`, and knows nothing of Markdown, as some editors do. */
class PlayedEditor implements EditorProblems {
  readonly folders: string[] = [];
  /** Done in each folder that is looked at. */
  befalls: (folder: string) => void = () => undefined;

  look(folder: string, files: readonly string[]): Promise<readonly SeenFile[]> {
    this.folders.push(folder);
    this.befalls(folder);
    return Promise.resolve(
      files.map((file) => {
        const lines = readFileSync(path.join(folder, file), 'utf8').split('\n');
        const problems = lines.flatMap((line, index) =>
          line.startsWith('!')
            ? [{ line: index + 1, column: 1, message: `${folder}/${file} ${line}`, code: '1', source: 'x' }]
            : [],
        );
        return { file, language: path.extname(file), problems: file.endsWith('.md') ? null : problems };
      }),
    );
  }
}

describe('An editor as a check of the merge queue', function () {
  this.timeout(60_000);
  withoutPersonalConfig();
  let box: Sandbox;
  let rig: QueueRig;
  let editor: PlayedEditor;
  let base: CommitId;

  beforeEach(async () => {
    box = await sandbox({ 'old.ts': '! of before\nfine\n', 'gone.ts': '! gone\n', 'notes.md': '!\n' });
    base = await box.at('main');
    editor = new PlayedEditor();
    rig = await QueueRig.open(box, { editor });
  });
  afterEach(async () => {
    await rig.close();
    await box.end();
  });

  const entered = async (
    branch: string,
    files: Readonly<Record<string, string | null>>,
  ): Promise<RequestId> => {
    await box.person('branch', branch, await box.beside(base, files));
    const [request] = await rig.enter(branch);
    if (request === undefined) throw new Error(branch);
    await rig.rest();
    return request;
  };
  const said = (): readonly string[] =>
    rig.said('check.finished').filter((one) => one.includes('"problems"'));
  const results = (): readonly CheckResult[] =>
    rig.queue.proofs.flatMap(({ checks }) => checks.filter(({ name }) => name === 'problems'));

  it('gives back what brings a new error, and says where', async () => {
    const request = await entered('worse', { 'old.ts': 'more\n! of before\n! of now\n' });
    assert.equal(rig.request(request).stage, 'failed', rig.story());
    const { facts } = rig.request(request).reason ?? assert.fail();
    assert.deepEqual([facts['name'], facts['file'], facts['line']], ['problems', 'old.ts', 3]);
    assert.match(
      readFileSync(String(facts['output']), 'utf8'),
      /^1 new errors.*\nold\.ts:3:1 error .*! of now \(x 1\)/,
    );
  });

  it('lets errors pass that were there before, wherever they moved', async () => {
    const request = await entered('same', { 'old.ts': 'a line more\n\n! of before\n' });
    assert.equal(rig.request(request).stage, 'landed', rig.story());
    assert.deepEqual(
      results().map(({ outcome }) => outcome),
      ['passed'],
    );
  });

  it('looks at places that no look was at before, and leaves none of them behind', async () => {
    await entered('one', { 'one.ts': '! one\n' });
    await entered('two', { 'old.ts': '! of before\n' + 'two\n' });
    assert.equal(new Set(editor.folders).size, editor.folders.length);
    assert.deepEqual(
      editor.folders.filter((folder) => existsSync(folder)),
      [],
    );
  });

  it('is skipped with why, and lets pass, where nobody looked; such a proof counts for nothing else', async () => {
    const request = await entered('words', { 'notes.md': '! other words\n' });
    assert.equal(rig.request(request).stage, 'landed', rig.story());
    assert.deepEqual(
      results().map(({ outcome, unseen }) => [outcome, unseen]),
      [['skipped', 'unseen']],
    );
    assert.match(said()[0] ?? '', /"unseen":"unseen"/);
  });

  it('takes an error for old only where it was looked at before', async () => {
    const look = editor.look.bind(editor);
    editor.look = async (folder, files) => {
      const found = await look(folder, files);
      return editor.folders.length % 2 === 0 ? found.map((one) => ({ ...one, problems: null })) : found;
    };
    const request = await entered('blind', { 'old.ts': '! of now\n' });
    assert.equal(rig.request(request).stage, 'landed', rig.story());
    assert.deepEqual(
      results().map(({ unseen }) => unseen),
      ['unseen'],
    );
  });

  it('writes nothing outside its worktree, whatever a check left there', async () => {
    const outside = path.join(box.folder, 'outside');
    mkdirSync(outside);
    writeFileSync(path.join(outside, 'old.ts'), 'mine\n');
    editor.befalls = (folder) => {
      if (!existsSync(path.join(folder, 'in'))) symlinkSync(outside, path.join(folder, 'in'));
    };
    base = await box.beside(base, { 'in/old.ts': '! of before\n', 'in/deep/x.ts': 'x\n' });
    await box.person('reset', '-q', '--hard', base);
    await entered('led', { 'in/old.ts': null, 'in/deep/x.ts': null, 'new.ts': '! new\n' });
    assert.ok(editor.folders.length >= 2);
    assert.deepEqual(readdirSync(outside), ['old.ts']);
    assert.equal(readFileSync(path.join(outside, 'old.ts'), 'utf8'), 'mine\n');
  });

  it('clears away what a crash left aside, and proves all the same', async () => {
    editor.befalls = () => {
      rig.kill();
      throw new Error('killed');
    };
    await box.person('branch', 'cut', await box.beside(base, { 'cut.ts': 'fine\n' }));
    const [request] = await rig.enter('cut');
    await rig.until(() => editor.folders.length > 0);
    const aside = path.join(path.dirname(editor.folders[0] ?? ''), '.problems-0');
    mkdirSync(aside);
    editor.befalls = () => undefined;
    rig = await rig.reopen();
    await rig.rest();
    assert.ok(request !== undefined);
    assert.equal(rig.request(request).stage, 'landed', rig.story());
    await clearAside(path.dirname(aside));
    assert.equal(existsSync(aside), false);
  });

  it('is skipped where there is no editor', async () => {
    await rig.close();
    rig = await rig.reopen({ editor: null });
    const request = await entered('headless', { 'old.ts': '! of now\n' });
    assert.equal(rig.request(request).stage, 'landed', rig.story());
    assert.match(said()[0] ?? '', /"unseen":"no_editor"/);
  });
});
