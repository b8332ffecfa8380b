import { deepEqual, match, ok, rejects } from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { createEditorProblems } from '../../src/vscode/problems/editorProblems.ts';

/** What stands beside the repository and is no folder of the window, as Rigs' worktrees do. */
describe('New Problems in a real VS Code', function () {
  this.timeout(120_000);
  let place: string;

  before(async () => {
    place = await realpath(await mkdtemp(path.join(tmpdir(), 'problems ')));
  });
  after(() => rm(place, { recursive: true, force: true }));

  const folderWith = async (name: string, files: Readonly<Record<string, string>>): Promise<string> => {
    const folder = path.join(place, name);
    for (const [file, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
      await writeFile(path.join(folder, file), text);
    }
    return folder;
  };
  const never = new AbortController().signal;
  const tabs = (): readonly string[] =>
    vscode.window.tabGroups.all.flatMap(({ tabs: all }) => all.map(({ label }) => label));

  it('are told by the language servers of files outside the window, with what nobody looked at', async () => {
    const before = tabs();
    const folder = await folderWith('tip', {
      'tsconfig.json':
        '{ "compilerOptions": { "strict": true, "types": [], "noEmit": true, "allowImportingTsExtensions": true } }\n',
      'src/wrong.ts': "import { half } from './half.ts';\nexport const word: string = half(3);\n",
      'src/half.ts': 'export const half = (of: number): number => of / 2;\n',
      'words.txt': 'A word.\n',
      'bad.json': '{ "a": }\n',
    });
    const files = ['src/wrong.ts', 'src/half.ts', 'words.txt', 'bad.json'];
    const seen = await createEditorProblems().look(folder, files, never);
    deepEqual(
      seen.slice(0, 3).map(({ problems }) => problems?.map(({ line, code }) => [line, code]) ?? null),
      [[[2, '2322']], [], null],
    );
    match(seen[0]?.problems?.[0]?.message ?? '', /not assignable to type 'string'/);
    ok((seen[3]?.problems?.length ?? 0) > 0, 'JSON');
    deepEqual(tabs(), before);
    deepEqual((await readdir(path.join(folder, 'src'))).toSorted(), ['half.ts', 'wrong.ts']);
  });

  it('are asked no longer once nobody wants to know', async () => {
    const folder = await folderWith('left', { 'a.ts': 'export const a = 1;\n' });
    const leaving = new AbortController();
    const looking = createEditorProblems().look(folder, ['a.ts'], leaving.signal);
    leaving.abort(new Error('left'));
    await rejects(looking, /left/);
  });
});
