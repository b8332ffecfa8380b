/**
 * Names of files by which a tool decides what is run, with what, and what counts as wrong. Whole names first, then
 * families of names, then folders all of which counts. Compared without case: some disks know none.
 */
export const decidingNames: ReadonlySet<string> = new Set(
  [
    // JavaScript: scripts, what is installed, how modules and types are read.
    'package.json package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml pnpm-workspace.yaml bun.lock bun.lockb',
    'deno.json deno.jsonc deno.lock .npmrc .yarnrc .yarnrc.yml .pnpmfile.cjs pnpmfile.cjs bunfig.toml lerna.json nx.json',
    'turbo.json rush.json wireit.json jsconfig.json biome.json biome.jsonc dprint.json .swcrc .taprc .c8rc .nycrc',
    '.stylelintignore .eslintignore .prettierignore cypress.json .ncurc',
    // Which tools, of which version.
    '.node-version .nvmrc .tool-versions mise.toml .mise.toml .python-version .ruby-version .java-version .sdkmanrc',
    'rust-toolchain rust-toolchain.toml global.json .go-version flake.nix flake.lock shell.nix default.nix .envrc',
    // Python.
    'pytest.ini .pytest.ini pytest.toml tox.ini tox.toml noxfile.py setup.cfg setup.py pyproject.toml conftest.py pipfile',
    'pipfile.lock poetry.lock uv.lock pdm.lock uv.toml .flake8 mypy.ini .mypy.ini .pylintrc pylintrc ruff.toml .ruff.toml',
    'pyrightconfig.json .coveragerc sitecustomize.py usercustomize.py environment.yml environment.yaml .isort.cfg',
    // Rust, Go, C and C++.
    'cargo.toml cargo.lock build.rs clippy.toml .clippy.toml rustfmt.toml .rustfmt.toml deny.toml go.mod go.sum go.work',
    'go.work.sum magefile.go cmakelists.txt cmakepresets.json meson.build meson_options.txt configure configure.ac',
    '.clang-tidy .clang-format conanfile.txt conanfile.py vcpkg.json build.zig build.zig.zon',
    // JVM, .NET.
    'pom.xml gradlew gradlew.bat gradle.properties mvnw mvnw.cmd build.sbt build.sc gradle.lockfile',
    'nuget.config packages.lock.json directory.build.props directory.build.targets directory.packages.props',
    // Ruby, PHP, Swift, Elixir, Dart, Haskell.
    'gemfile gemfile.lock rakefile .rspec spec_helper.rb rails_helper.rb test_helper.rb composer.json composer.lock',
    'phpunit.xml phpunit.xml.dist phpstan.neon phpstan.neon.dist psalm.xml package.swift package.resolved podfile',
    'podfile.lock mix.exs mix.lock .formatter.exs .credo.exs test_helper.exs pubspec.yaml pubspec.lock',
    'analysis_options.yaml stack.yaml stack.yaml.lock cabal.project',
    // What runs tools.
    'makefile gnumakefile justfile .justfile taskfile.yml taskfile.yaml earthfile jenkinsfile procfile workspace',
    'workspace.bazel module.bazel build build.bazel .bazelrc .bazelversion sconstruct tupfile vagrantfile',
    '.pre-commit-config.yaml lefthook.yml lefthook.yaml .lintstagedrc .gitlab-ci.yml .travis.yml .drone.yml',
    'bitbucket-pipelines.yml appveyor.yml .appveyor.yml .cirrus.yml codecov.yml .codecov.yml sonar-project.properties',
    // How files are read at all: line ends, filters, what a diff shows, which other repositories belong to it.
    '.gitattributes .gitmodules .editorconfig',
  ].flatMap((line) => line.split(' ')),
);

export const decidingFamilies: readonly RegExp[] = [
  /^tsconfig(?:\..+)?\.json$|^tsconfig-.+\.json$/,
  // jest.config.ts, eslint.config.mjs, playwright.config.ts, vite.config.unit.ts …
  /\.config(?:\.[\w-]+)?\.(?:[cm]?[jt]sx?|json|toml|ya?ml)$/,
  /\.conf\.[cm]?[jt]s$/,
  /^\.(?:eslint|prettier|stylelint|mocha|babel|jshint|jscs|oxlint|lintstaged|jest|ava|nyc|c8|tap|depcheck|knip)rc(?:\..+)?$/,
  /^(?:jest|vitest|playwright|cypress|karma|mocha|ava)[.-](?:setup|preset|workspace|global|base|projects?)\b/,
  /^(?:global-?)?(?:setup|teardown)-?tests?\.|^(?:test|global)-?(?:setup|teardown)\./,
  /^(?:requirements|constraints)(?:[-_.].*)?\.(?:txt|in)$/,
  /^\.golangci\./,
  /\.(?:gradle|gradle\.kts|sbt|mk|mak|cmake|bzl|gemspec|podspec|cabal|csproj|fsproj|vbproj|vcxproj|props|targets|sln|slnx|runsettings|ruleset|pth|rockspec)$/,
  /^\.rubocop.*\.ya?ml$|^\.credo/,
  /^(?:azure-pipelines|\.woodpecker|docker-compose|compose)(?:[-.].*)?\.ya?ml$/,
  /^(?:docker|container)file(?:\..*)?$|\.dockerfile$/,
  /^\.env(?:\..*)?$/,
  // build.sh, run-tests.ps1 …: called by what is named above.
  /^(?:run[-_]?)?(?:build|tests?|checks?|lint|ci|verify|typecheck)\.(?:sh|bash|zsh|ps1|bat|cmd)$/,
];

/** Everything in them: workflows, toolchains, scripts, hooks, the settings of editor and Rigs. */
export const decidingFolders: readonly RegExp[] = [
  /(?:^|\/)scripts?\//,
  /(?:^|\/)\.(?:github|gitlab|circleci|buildkite|woodpecker|husky|cargo|mvn|yarn|config|rigs|vscode|devcontainer|bazel)\//,
  // In a general language such names are those of any module, but not at the root or in a folder of tools.
  /^(?:(?:ci|build|tools?|bin|hack|dev)\/)?(?:run[-_]?)?(?:build|tests?|checks?|lint|ci|verify|typecheck)\.(?:py|rb|pl|[cm]?[jt]s)$/,
  /(?:^|\/)(?:gradle|buildsrc|build-logic|patches|requirements)\//,
];
