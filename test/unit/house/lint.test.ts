import { deepEqual, match } from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ESLint } from 'eslint';
import { removers } from '../../../eslint.config.mjs';
import { root } from '../../harness/toolchain.mjs';
import { withPlanted } from './planted.ts';
import type { Files } from './planted.ts';

/** File → what is wrong with it, as a line of code and the rule that says so. */
const planted: Readonly<Record<string, readonly [code: string, rule: string]>> = {
  'src/foreman/exec.ts': ["import { exec } from 'node:child_process';\nexec('ls');", 'no-restricted-imports'],
  'src/foreman/execDefault.ts': [
    "import processes from 'node:child_process';\nprocesses.exec('ls');",
    'no-restricted-imports',
  ],
  'src/foreman/execAll.ts': [
    "import * as processes from 'node:child_process';\nprocesses.exec('ls');",
    'no-restricted-imports',
  ],
  'src/foreman/shell.ts': [
    "import { spawn } from 'node:child_process';\nspawn('ls', { shell: true });",
    'no-restricted-syntax',
  ],
  'src/foreman/namedShell.ts': [
    "import { spawn } from 'node:child_process';\nspawn('ls', { shell: 'sh' });",
    'no-restricted-syntax',
  ],
  'src/foreman/git.ts': [
    "import { spawn } from 'node:child_process';\nspawn('git', ['gc']);",
    'no-restricted-syntax',
  ],
  'src/town/now.ts': ['export const now = (): number => Date.now();', 'no-restricted-syntax'],
  'src/town/draw.ts': ['export const draw = (): number => Math.random();', 'no-restricted-syntax'],
  'src/town/later.ts': ['setTimeout(() => undefined, 1);', 'no-restricted-globals'],
  'src/town/any.ts': ['export const loose: any = 1;', '@typescript-eslint/no-explicit-any'],
  'src/town/bang.ts': [
    'export const sure = (text?: string): string => text!;',
    '@typescript-eslint/no-non-null-assertion',
  ],
  'src/town/floating.ts': [
    'const later = async (): Promise<void> => {};\nlater();',
    '@typescript-eslint/no-floating-promises',
  ],
  'src/town/misused.ts': [
    '[1].forEach(async () => { await Promise.resolve(); });',
    '@typescript-eslint/no-misused-promises',
  ],
  'src/town/thrown.ts': ["throw 'words';", '@typescript-eslint/only-throw-error'],
  'src/town/default.ts': ['export default 1;', 'no-restricted-syntax'],
  'src/town/switch.ts': [
    "export function f(a: 'x' | 'y'): void {\n  switch (a) {\n    case 'x':\n  }\n}",
    '@typescript-eslint/switch-exhaustiveness-check',
  ],
  'src/store/remove.ts': [
    "import { rm } from 'node:fs/promises';\nexport const tidy = (file: string): Promise<void> => rm(file);",
    'no-restricted-syntax',
  ],
  'src/store/renamed.ts': [
    "import { unlink as tidy } from 'node:fs/promises';\nexport const go = (file: string): Promise<void> => tidy(file);",
    'no-restricted-syntax',
  ],
  'src/vscode/removeSync.ts': ["import * as fs from 'node:fs';\nfs.rmSync('x');", 'no-restricted-syntax'],
  'src/gateway/files.ts': [
    'export const go = (files: { unlink(p: string): void }): void => { files.unlink("x"); };',
    'no-restricted-syntax',
  ],
  'src/git/prune.ts': ["export const args = ['worktree', 'prune'];", 'no-restricted-syntax'],
  'src/git/removed.ts': [
    "export const args = (place: string): string[] => ['worktree', 'remove', '--force', place];",
    'no-restricted-syntax',
  ],
  'src/git/branch.ts': ["export const args = ['branch', '--quiet', '-D', 'x'];", 'no-restricted-syntax'],
  'src/git/ref.ts': ["export const args = ['update-ref', '-d', 'x'];", 'no-restricted-syntax'],
  'src/git/expire.ts': ["export const args = ['reflog', 'expire', '--all'];", 'no-restricted-syntax'],
  'src/git/collect.ts': ["export const args = ['gc', '--prune=now'];", 'no-restricted-syntax'],
  'src/git/pushed.ts': ["export const args = ['push', 'origin', '--delete', 'x'];", 'no-restricted-syntax'],
  'src/git/nowhere.ts': [
    "export const move = (ref: string): object => ({ ref, from: 'x', to: null });",
    'no-restricted-syntax',
  ],
  'src/git/cleaned.ts': ["export const args = ['clean', '--quiet', '-ffdx'];", 'no-restricted-syntax'],
  'src/git/forced.ts': [
    "export const args = (to: string): string[] => ['checkout', '--quiet', '--force', to];",
    'no-restricted-syntax',
  ],
  'src/git/reset.ts': ["export const args = ['read-tree', '--reset', '-u', 'HEAD'];", 'no-restricted-syntax'],
  'src/git/unlinked.ts': [
    "export const args = ['symbolic-ref', '--delete', 'HEAD'];",
    'no-restricted-syntax',
  ],
  'src/git/rawDelete.ts': [
    'export const line = (ref: string): string => `delete ${ref}\\0\\0`;',
    'no-restricted-syntax',
  ],
  'src/git/laterDelete.ts': [
    "export const lines = 'start\\0delete refs/heads/x\\0';",
    'no-restricted-syntax',
  ],
  // Its exception is for one thing, and for nothing else.
  'src/git/reapply.ts': ["export const args = ['clean', '-fd'];", 'no-restricted-syntax'],
  // On the list for git's notes, which lets it do nothing else.
  'src/git/middle.ts': ["export const args = ['worktree', 'remove', 'x'];", 'no-restricted-syntax'],
  'src/vscode/typing.ts': [
    'export const run = (t: { sendText(s: string): void }): void => { t.sendText("ls"); };',
    'no-restricted-properties',
  ],
};

const tidy: Files = {
  'src/git/run.ts':
    "import { execFile } from 'node:child_process';\nexecFile('git', ['status'], { shell: false });\n",
  'src/git/trash.ts':
    "import { rm } from 'node:fs/promises';\nexport const go = (place: string): Promise<void> => rm(place);\n",
  'src/git/dropRef.ts': "export const move = (ref: string): object => ({ ref, from: 'x', to: null });\n",
  'src/town/bead.ts': 'export const age = (now: number, born: number): number => now - born;\n',
};

async function complaints(house: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const results = await new ESLint({ cwd: house }).lintFiles(['src']);
  return new Map(
    results.map(({ filePath, messages }) => [
      filePath.slice(house.length + 1).replaceAll('\\', '/'),
      messages.map(({ ruleId, message }) => ruleId ?? message),
    ]),
  );
}

describe('The lint', function () {
  this.timeout(60_000);
  let found: ReadonlyMap<string, readonly string[]>;

  before(async () => {
    const bad = Object.entries(planted).map(([path, [code]]) => [path, `${code}\n`] as const);
    found = await withPlanted({ ...tidy, ...Object.fromEntries<string>(bad) }, complaints);
  });

  it('lets tidy files pass', () => {
    deepEqual(
      Object.keys(tidy).map((path) => [path, found.get(path)]),
      Object.keys(tidy).map((path) => [path, []]),
    );
  });

  it('lists nobody as a remover who removes nothing, and says of each why it may', async () => {
    for (const [path, why] of Object.entries(removers)) {
      match(
        await readFile(join(root, path), 'utf8'),
        /\b(rm|rmSync|unlink|unlinkIfThere|removeFolder)\b/,
        path,
      );
      match(why, /^[A-Z].*\.$/);
    }
  });

  for (const [path, [, rule]] of Object.entries(planted)) {
    it(`stops ${path} by ${rule}`, () => {
      deepEqual(
        found.get(path)?.includes(rule),
        true,
        `it said: ${found.get(path)?.join(', ') ?? 'nothing'}`,
      );
    });
  }
});
