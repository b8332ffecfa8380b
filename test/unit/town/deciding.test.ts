import { deepEqual, equal } from 'node:assert/strict';
import fc from 'fast-check';
import { decidingFiles, weakenedTests } from '../../../src/town/deciding.ts';

describe('Files that decide what checks prove', () => {
  it('are scripts, lock files, configuration, toolchains and CI, wherever they lie', () => {
    const deciding = [
      'package.json',
      'web/package.json',
      'PACKAGE.JSON',
      ...['package-lock.json', 'pnpm-lock.yaml', 'Cargo.lock', 'go.sum', 'uv.lock', 'Gemfile.lock'],
      ...[
        'tsconfig.json',
        'tsconfig.build.json',
        'app/tsconfig-base.json',
        'eslint.config.mjs',
        '.eslintrc.cjs',
      ],
      ...[
        '.eslintrc',
        'biome.json',
        '.prettierrc',
        '.prettierrc.yaml',
        'prettier.config.js',
        '.prettierignore',
      ],
      ...[
        'jest.config.ts',
        'jest.config.unit.js',
        'vitest.config.mts',
        'vitest.workspace.ts',
        '.mocharc.json',
      ],
      ...[
        'playwright.config.ts',
        'jest.setup.ts',
        'src/setupTests.ts',
        'test/globalSetup.ts',
        'karma.conf.js',
      ],
      ...['pytest.ini', 'tox.ini', 'noxfile.py', 'pyproject.toml', 'setup.cfg', 'tests/unit/conftest.py'],
      ...[
        'requirements.txt',
        'requirements-dev.txt',
        'requirements/test.txt',
        'mypy.ini',
        '.flake8',
        'ruff.toml',
      ],
      ...[
        'Makefile',
        'build/rules.mk',
        'CMakeLists.txt',
        'justfile',
        'Cargo.toml',
        'build.rs',
        '.cargo/config.toml',
      ],
      ...['clippy.toml', '.config/nextest.toml', 'go.mod', 'go.work', '.golangci.yml', 'rust-toolchain.toml'],
      ...['.npmrc', '.yarnrc.yml', '.yarn/releases/yarn.cjs', '.node-version', '.nvmrc', '.tool-versions'],
      ...[
        '.github/workflows/ci.yml',
        '.gitlab-ci.yml',
        '.circleci/config.yml',
        'Jenkinsfile',
        'azure-pipelines.yml',
      ],
      ...['build.gradle.kts', 'gradle/wrapper/gradle-wrapper.properties', 'gradlew', 'pom.xml', 'App.csproj'],
      ...[
        'Directory.Build.props',
        'phpunit.xml.dist',
        'composer.json',
        '.rspec',
        'spec/spec_helper.rb',
        'mix.exs',
      ],
      ...[
        'scripts/test.sh',
        'tools/run-tests.mjs',
        'build.sh',
        'ci/verify.py',
        'test.js',
        'build.mts',
        'Dockerfile',
        'Dockerfile.test',
      ],
      ...[
        'docker-compose.yml',
        '.env',
        '.env.test',
        '.gitattributes',
        '.rigs/config.toml',
        '.vscode/settings.json',
      ],
      ...['patches/left-pad+1.0.0.patch', '.husky/pre-commit', 'flake.nix', 'MODULE.bazel', 'a/BUILD'],
    ];
    deepEqual(decidingFiles(deciding), deciding);
  });

  it('are not what is checked by them', () => {
    const others = [
      ...['src/index.ts', 'README.md', 'docs/configuration.md', 'src/config.ts', 'src/config/settings.ts'],
      ...[
        'test/a.test.ts',
        'tests/test_a.py',
        'a_test.go',
        'src/build/index.ts',
        'src/makefile.ts',
        'lib.rs',
      ],
      ...['src/package.ts', 'package.json.md', 'my-package.json.ts', 'src/environment.ts', 'src/env.ts'],
      ...[
        'description.ts',
        'src/transcripts/a.ts',
        'src/postscript.ts',
        'logo.svg',
        'src/test/latest.ts',
        '',
      ],
      ...[
        'src/town/check.ts',
        'test/lint.js',
        'src/lockfile.ts',
        'src/Dockerfiles.ts',
        'src/checker.ts',
        'requirements.md',
        'gradle.md',
      ],
    ];
    deepEqual(decidingFiles(others), []);
  });

  it('come back as they were named, in their order, whatever names there are', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom('package.json', 'a/go.mod'))), (files) => {
        const found = decidingFiles(files);
        deepEqual(
          files.filter((one) => found.includes(one)),
          found,
        );
        equal(
          found.filter((one) => one === 'package.json').length,
          files.filter((one) => one === 'package.json').length,
        );
      }),
    );
  });
});

describe('Tests that a diff takes away', () => {
  type Lines = readonly string[];
  const changed = (file: string, ...hunk: Lines): string =>
    [
      `diff --git a/${file} b/${file}`,
      'index 1111111..2222222 100644',
      ...[
        `--- a/${file}`,
        `+++ b/${file}`,
        '@@ -1,3 +1,3 @@ describe("x", () => {',
        ' before',
        ...hunk,
        ' after',
        '',
      ],
    ].join('\n');
  const deleted = (file: string, ...lines: Lines): string =>
    [
      `diff --git a/${file} b/${file}`,
      'deleted file mode 100644',
      ...['index 1111111..0000000', `--- a/${file}`, '+++ /dev/null', '@@ -1,3 +0,0 @@'],
      ...lines.map((line) => `-${line}`),
      '',
    ].join('\n');
  const created = (file: string, ...lines: Lines): string =>
    [
      `diff --git a/${file} b/${file}`,
      'new file mode 100644',
      ...['index 0000000..1111111', '--- /dev/null', `+++ b/${file}`, '@@ -0,0 +1,3 @@'],
      ...lines.map((line) => `+${line}`),
      '',
    ].join('\n');
  const renamed = (from: string, to: string): string =>
    [
      `diff --git a/${from} b/${to}`,
      'similarity index 100%',
      `rename from ${from}`,
      `rename to ${to}`,
      '',
    ].join('\n');
  const found = (...parts: Lines): Lines =>
    weakenedTests(parts.join('')).map(({ file, what }) => `${what} ${file}`);

  it('are none where tests are added, mended or only moved', () => {
    deepEqual(found(), []);
    deepEqual(found(created('a.test.ts', "it('works', () => {", '});')), []);
    deepEqual(found(changed('a.test.ts', '-  equal(a, 1);', '+  equal(a, 2);')), []);
    deepEqual(found(changed('a.test.ts', "-it('works', f);", "+it('works well', f);")), []);
    deepEqual(found(changed('a.test.ts', "-it('works', f);"), created('b.test.ts', "it('works', f);")), []);
    deepEqual(found(changed('a.test.ts', "-it.skip('works', f);", "+  it.skip('works', f);")), []);
    deepEqual(found(changed('a.test.ts', "-it.skip('works', f);", "+it('works', f);")), []);
    deepEqual(found(renamed('a.test.ts', 'test/b.spec.ts'), deleted('src/a.ts', 'it(1)')), []);
    deepEqual(found(changed('src/a.ts', "+it.skip('x')", '-it(x)')), []);
    deepEqual(found(changed('docs/a.md', "+it.skip('x')")), []);
  });

  it('are deleted with their file, emptied, or renamed so that nothing finds them', () => {
    deepEqual(found(deleted('src/a.test.ts', 'anything')), ['deleted src/a.test.ts']);
    deepEqual(found(deleted('pkg/a_test.go')), ['deleted pkg/a_test.go']);
    deepEqual(found(deleted('test_a.py', 'x')), ['deleted test_a.py']);
    deepEqual(found(deleted('src/FooTest.java', 'x')), ['deleted src/FooTest.java']);
    deepEqual(found(renamed('a.test.ts', 'a.old.ts')), ['deleted a.old.ts']);
    deepEqual(found(renamed('test/a.test.ts', 'test/helpers.ts')), ['deleted test/helpers.ts']);
    deepEqual(found(deleted('test/all.js', "test('a', f)")), ['deleted test/all.js']);
    deepEqual(found(deleted('test/helper.js', 'export const x = 1;')), []);
  });

  it('are deleted when they are gone from a file that stays, also where others are added elsewhere', () => {
    deepEqual(found(changed('a.test.ts', "-it('works', () => {", '-});')), ['deleted a.test.ts']);
    deepEqual(found(changed('a.test.ts', "-it('works', f);", "+// it('works', f);")), ['deleted a.test.ts']);
    deepEqual(found(changed('a.test.ts', "-it('works', f);"), created('b.test.ts', "it('new', f);")), [
      'deleted a.test.ts',
    ]);
    deepEqual(found(changed('a.test.ts', "-it('works', f);", ' between', "+it('new', f);")), [
      'deleted a.test.ts',
    ]);
    deepEqual(found(changed('test_a.py', '-def test_add(x):', '-    assert x')), ['deleted test_a.py']);
    deepEqual(found(changed('a_test.go', '-func TestAdd(t *testing.T) {}')), ['deleted a_test.go']);
    deepEqual(found(changed('src/lib.rs', '-    #[test]', '-    fn adds() {}')), ['deleted src/lib.rs']);
    // Every test begins with this line: one that is gone is not the one that is new.
    deepEqual(found(changed('src/lib.rs', '-#[test]', '-fn a() {}', ' between', '+#[test]', '+fn b() {}')), [
      'deleted src/lib.rs',
    ]);
    deepEqual(found(changed('ATest.java', '-  @Test', '-  void adds() {}')), ['deleted ATest.java']);
  });

  const skipping: Readonly<Record<string, Lines>> = {
    'a.test.ts': [
      ...["it.skip('x', f)", "describe.only('x', f)", "xit('x', f)", "fdescribe('x', f)", 'test.todo("x")'],
      ...[
        "test.concurrent.skip('x')",
        "it.skipIf(ci)('x')",
        "test.fixme('x')",
        'this.skip();',
        't.skip("later")',
      ],
      ...[
        "test('x', { skip: true }, f)",
        "test('x', { timeout: 1, skip: 'later' }, f)",
        'it.skip.each`a`',
        '  { skip: true },',
        "it.fails('x')",
      ],
    ],
    'tests/test_a.py': [
      ...[
        '@pytest.mark.skip',
        '@pytest.mark.skipif(win, reason="x")',
        '@pytest.mark.xfail',
        'pytest.skip("x")',
      ],
      ...[
        '@unittest.skip("x")',
        '@skipIf(x, "y")',
        'self.skipTest("x")',
        'pytestmark = pytest.mark.skip',
        'raise SkipTest',
      ],
    ],
    'a_test.go': ['\tt.Skip("later")', '\tt.SkipNow()', '\tb.Skipf("%d", 1)', '//go:build never'],
    'src/lib.rs': ['    #[ignore]', '#[ignore = "slow"]', '#[cfg_attr(windows, ignore)]'],
    'ATest.kt': ['@Disabled("x")', '@Ignore', 'assumeTrue(false)'],
    'FooTests.cs': ['[Fact(Skip = "later")]', '[Ignore]'],
    'a_spec.rb': ['  skip "x"', '  xit "x" do', '  pending', '  it "x", :skip do'],
    'FooTest.php': ['$this->markTestSkipped();', "->skip('x')"],
    'FooTests.swift': ['throw XCTSkip("x")'],
    'a_test.exs': ['@tag :skip', '@moduletag skip: true'],
    'a_test.cc': ['GTEST_SKIP();', 'TEST(A, DISABLED_x) {'],
    'a.bats': ['  skip'],
  };
  for (const [file, lines] of Object.entries(skipping)) {
    it(`are skipped in ${file}`, () => {
      for (const line of lines)
        deepEqual(found(changed(file, ' @Test', `+${line}`, ' void x()')), [`skipped ${file}`], line);
    });
  }

  it('are not skipped by words that only look like it', () => {
    const harmless: readonly (readonly [string, string])[] = [
      ['a.test.ts', "it('skips blanks', f)"],
      ['a.test.ts', "it('x', { skip: false }, f)"],
      ['a.test.ts', 'await bench.fails(2);'],
      ['a.test.ts', 'const skipped = list.skip(1);'],
      ['a.test.ts', "const found = read({ name: 'a', only: ['src/**'], skip: 3 });"],
      ['a.test.ts', 'outfit(model)'],
      ['test_a.py', 'def test_skips_blanks(): pass'],
      ['a_test.go', 'scanner.skip(1)'],
      ['src/lib.rs', '#[derive(Debug)] // ignore'],
    ];
    for (const [file, line] of harmless) deepEqual(found(changed(file, `+${line}`)), [], line);
  });

  it('are seen behind anything a file may hold', () => {
    const skip = "+it.skip('x', f);";
    const heads = [
      '+\rdiff --git a/x.md b/x.md',
      '+\u2028diff --git a/x.md b/x.md',
      '--- a/x.md',
      '+++ b/x.md',
      '-@@ -1 +1 @@',
    ];
    for (const head of heads) deepEqual(found(changed('a.test.ts', head, skip)), ['skipped a.test.ts'], head);
    deepEqual(found(changed('a.test.ts', `${skip}\r`)), ['skipped a.test.ts']);
    const quoted =
      'diff --git "a/t \\"q\\".test.ts" "b/t \\"q\\".test.ts"\ndeleted file mode 100644\nindex 1..0\n';
    deepEqual(found(quoted), ['deleted t "q".test.ts']);
    const spaced = 'diff --git a/a b/c.test.ts b/a b/c.test.ts\ndeleted file mode 100644\nindex 1..0\n';
    deepEqual(found(spaced), ['deleted a b/c.test.ts']);
    const binary =
      'diff --git a/a.test.ts b/a.test.ts\nindex 1..2 100644\nBinary files a/a.test.ts and b/a.test.ts differ\n';
    deepEqual(found(binary), ['skipped a.test.ts']);
  });

  it('are named by both when a file loses some and skips others', () => {
    deepEqual(found(changed('a.test.ts', "-it('a', f);", ' x', "+it.skip('b', f);", "-it('b', f);")), [
      'deleted a.test.ts',
      'skipped a.test.ts',
    ]);
  });

  it('never make an error of a diff, however broken it is', () => {
    const whole = [changed('a.test.ts', "-it('a', f);", "+xit('a', f);"), renamed('a.test.ts', 'b.ts')].join(
      '',
    );
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(whole.length), fc.string(), (from, to, between) => {
        weakenedTests(whole.slice(0, from) + between + whole.slice(to));
      }),
    );
  });

  it('are found soon in a large diff made to be slow', () => {
    for (const piece of [
      '+it.it.it.it',
      '+  \t',
      "-it('a",
      '+{ skip ',
      '+@@@@',
      '+a.b.c.d.',
      '+assume ignore ( ',
    ])
      for (const file of ['a.test.ts', 'test_a.py', 'src/lib.rs', 'ATest.java', 'a_spec.rb']) {
        const one = piece.slice(1);
        const diff = changed(
          file,
          ...Array.from({ length: 60 }, () => `+${one.repeat(Math.ceil(1_900 / one.length))}`),
        );
        const began = performance.now();
        weakenedTests(diff);
        equal(performance.now() - began < 2_000, true, `${piece} in ${file}`);
      }
  });
});
