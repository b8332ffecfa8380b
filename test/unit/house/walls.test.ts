import { deepEqual } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../../harness/toolchain.mjs';
import { withPlanted } from './planted.ts';
import type { Files } from './planted.ts';

const importing = (...names: readonly string[]): string =>
  names.map((name) => `import '${name}';\n`).join('');

/** Rule → the one file that breaks it. What it imports is either a package or a file of `neighbours`. */
const planted: Readonly<Record<string, readonly [path: string, imported: string]>> = {
  'town-imports': ['src/town/a.ts', '../ports/clock.ts'],
  'ports-imports': ['src/ports/a.ts', '../store/journal.ts'],
  'system-imports': ['src/system/a.ts', '../town/bead.ts'],
  'words-imports': ['src/words/a.ts', '../store/journal.ts'],
  'config-imports': ['src/config/a.ts', '../store/journal.ts'],
  'store-imports': ['src/store/a.ts', '../git/worktrees.ts'],
  'git-imports': ['src/git/a.ts', '../store/journal.ts'],
  'providers-imports': ['src/providers/a.ts', '../foreman/loop.ts'],
  'assayer-imports': ['src/assayer/a.ts', '../providers/claude.ts'],
  'foreman-imports': ['src/foreman/a.ts', '../gateway/door.ts'],
  'gateway-imports': ['src/gateway/a.ts', '../vscode/extension.ts'],
  'cli-imports': ['src/cli/a.ts', '../foreman/loop.ts'],
  'mcp-imports': ['src/mcp/a.ts', '../store/journal.ts'],
  'worker-imports': ['src/worker/a.ts', '../store/journal.ts'],
  'webview-imports': ['src/webview/a.ts', '../town/bead.ts'],
  'rooms-are-named': ['src/vscode/a.ts', '../attic/box.ts'],
  'vscode-only-in-vscode': ['src/foreman/b.ts', 'vscode'],
  'town-is-pure': ['src/town/b.ts', 'node:fs'],
  'git-only-in-git': ['src/foreman/c.ts', 'simple-git'],
  'database-only-in-store': ['src/foreman/d.ts', 'sql.js'],
  'toml-only-in-config': ['src/words/b.ts', 'toml-eslint-parser'],
  'vendors-only-in-providers': ['src/assayer/b.ts', '@anthropic-ai/sdk'],
  'processes-where-named': ['src/gateway/b.ts', 'node:child_process'],
  'no-cycles': ['src/town/c.ts', './d.ts'],
  'tests-stay-outside': ['src/town/e.ts', '../../test/fakes/clock.ts'],
};

const neighbours: Files = {
  'src/town/bead.ts': 'export {};\n',
  'src/town/d.ts': importing('./c.ts'),
  'src/attic/box.ts': 'export {};\n',
  'test/fakes/clock.ts': 'export {};\n',
  'src/vscode/messages/feed.ts': 'export {};\n',
  // A tidy house: every import below is one the rules allow.
  'src/ports/clock.ts': importing('../town/bead.ts'),
  'src/store/journal.ts': importing('../town/bead.ts', '../ports/clock.ts', 'sql.js', 'node:fs'),
  'src/git/worktrees.ts': importing('../ports/clock.ts', 'simple-git', 'node:child_process'),
  'src/providers/claude.ts': importing('../ports/clock.ts', '@anthropic-ai/sdk'),
  'src/foreman/loop.ts': importing('../town/bead.ts', '../ports/clock.ts', 'valibot'),
  'src/gateway/door.ts': importing('../foreman/loop.ts', 'node:http'),
  'src/vscode/extension.ts': importing('../gateway/door.ts', '../store/journal.ts', 'vscode'),
  'src/webview/feed.ts': importing('../vscode/messages/feed.ts'),
};
const tidy = Object.fromEntries(Object.entries(neighbours).filter(([path]) => !path.includes('/d.ts')));

type Violation = { readonly rule: string; readonly from: string };

function isReport(value: unknown): value is {
  readonly summary: {
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
  };
} {
  return typeof value === 'object' && value !== null && 'summary' in value;
}

/** What the walls' guard complains about. */
function violations(files: Files): Promise<readonly Violation[]> {
  const guard = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const args = [guard, '--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'src'];
  return withPlanted(
    files,
    (cwd) =>
      new Promise((resolve, reject) => {
        execFile(process.execPath, args, { cwd, maxBuffer: 1 << 26 }, (_error, stdout) => {
          const report: unknown = JSON.parse(stdout);
          if (!isReport(report)) reject(new Error('dependency-cruiser changed its report'));
          else resolve(report.summary.violations.map(({ from, rule }) => ({ from, rule: rule.name })));
        });
      }),
  );
}

describe('The walls between rooms', function () {
  this.timeout(20_000);

  it('let a tidy house pass', async () => {
    deepEqual(await violations(tidy), []);
  });

  it('stop every planted wrong import, each by its own rule', async () => {
    const files = Object.fromEntries(
      Object.values(planted).map(([path, imported]) => [path, importing(imported)]),
    );
    const found = await violations({ ...neighbours, ...files });
    const caught = Object.entries(planted).filter(([rule, [path]]) =>
      found.some((violation) => violation.rule === rule && violation.from === path),
    );
    deepEqual(
      caught.map(([rule]) => rule),
      Object.keys(planted),
    );
  });

  it('have no rule that was never seen to stop anything', async () => {
    const config: unknown = await import(join(root, '.dependency-cruiser.mjs'));
    const names = JSON.stringify(config).matchAll(/"name":"([\w-]+)"/g);
    deepEqual([...names].map(([, name]) => name).sort(), Object.keys(planted).sort());
  });
});
