import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ChecksError, findChecks } from '../../../src/foreman/checks/find.ts';
import { onWindows } from '../../../src/foreman/checks/program.ts';

describe('finding the checks of a repository', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rigs find '));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const python = process.platform === 'win32' ? 'python' : 'python3';
  const table: readonly (readonly [
    what: string,
    files: Readonly<Record<string, string>>,
    found: readonly string[],
  ])[] = [
    ['nothing', {}, []],
    ['an npm test', { 'package.json': '{"scripts":{"test":"mocha"}}' }, ['npm run test']],
    [
      'npm scripts, quick ones first',
      { 'package.json': '{"scripts":{"test":"t","build":"b","lint":"l","type-check":"c"}}' },
      ['npm run type-check', 'npm run lint', 'npm run test'],
    ],
    [
      'no test that npm init made up',
      { 'package.json': JSON.stringify({ scripts: { test: 'echo "Error: no test specified" && exit 1' } }) },
      [],
    ],
    ['a package without scripts', { 'package.json': '{}' }, []],
    [
      "pnpm's scripts",
      { 'package.json': '{"scripts":{"test":"t"}}', 'pnpm-lock.yaml': '' },
      ['pnpm run test'],
    ],
    ['cargo', { 'Cargo.toml': '' }, ['cargo test']],
    ['go', { 'go.mod': '' }, ['go test ./...']],
    ['pytest by its own file', { 'pytest.ini': '' }, [`${python} -m pytest`]],
    [
      'pytest by the project file',
      { 'pyproject.toml': '[tool.pytest.ini_options]\n' },
      [`${python} -m pytest`],
    ],
    ['no pytest in another project file', { 'pyproject.toml': '[project]\n' }, []],
    ['make', { Makefile: 'all: x\n\ntest:\n\ttrue\n' }, ['make test']],
    ['no make variable', { Makefile: 'test := 1\n' }, []],
    ['no make beside something better', { Makefile: 'test:\n', 'go.mod': '' }, ['go test ./...']],
    [
      'several languages',
      { 'package.json': '{"scripts":{"test":"t"}}', 'Cargo.toml': '' },
      ['npm run test', 'cargo test'],
    ],
  ];
  for (const [what, files, found] of table) {
    it(`finds ${what}`, async () => {
      for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
      const checks = await findChecks(folder);
      assert.deepEqual(
        checks.map(({ command, args }) => [command, ...args].join(' ')),
        found,
      );
    });
  }

  it('says which file it could not read, rather than finding nothing', async () => {
    for (const text of ['{"scripts":', '{"scripts":[1]}', '[]']) {
      await writeFile(path.join(folder, 'package.json'), text);
      await assert.rejects(
        findChecks(folder),
        (error) => error instanceof ChecksError && error.path.endsWith('package.json'),
      );
    }
  });

  it('starts npm on Windows by its script, and never a program of the worktree', async () => {
    const bin = path.join(folder, 'node_modules', 'npm', 'bin');
    await writeFile(path.join(folder, 'tool.exe'), '');
    const environment = { Path: folder };
    const worktree = tmpdir();
    assert.equal(await onWindows('npm', ['test'], environment, worktree), null);
    await mkdir(bin, { recursive: true });
    await writeFile(path.join(bin, 'npm-cli.js'), '');
    assert.deepEqual(await onWindows('npm', ['test'], environment, worktree), {
      file: path.join(folder, 'node.exe'),
      args: [path.join(bin, 'npm-cli.js'), 'test'],
    });
    assert.deepEqual(await onWindows('tool', [], environment, worktree), {
      file: path.join(folder, 'tool.exe'),
      args: [],
    });
    assert.equal(await onWindows('tool', [], { Path: '.' }, folder), null);
  });
});
