import { deepEqual } from 'node:assert/strict';
import { ESLint } from 'eslint';
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
  'src/vscode/typing.ts': [
    'export const run = (t: { sendText(s: string): void }): void => { t.sendText("ls"); };',
    'no-restricted-properties',
  ],
};

const tidy: Files = {
  'src/git/run.ts':
    "import { execFile } from 'node:child_process';\nexecFile('git', ['gc'], { shell: false });\n",
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
      Object.keys(tidy).map((path) => found.get(path)),
      [[], []],
    );
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
