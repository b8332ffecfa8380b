import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Programs are started as file + arguments (architecture rule 7); these are the ways around it. */
const shells = [
  {
    selector: "Property[key.name='shell'][value.type='Literal']:not([value.value=false])",
    message: 'Start a program as file + arguments, never through a shell.',
  },
  {
    selector: "CallExpression[callee.property.name='executeCommand'][callee.object.name='shellIntegration']",
    message: 'Never type a command into a terminal.',
  },
];
const noShell = [
  {
    name: 'node:child_process',
    importNames: ['exec', 'execSync', 'default'],
    message: 'exec runs a shell; use execFile or spawn.',
  },
  { name: 'child_process', message: 'Import node:child_process, and only spawn or execFile.' },
];

/**
 * Who takes something off the disk for good, and why that is nobody's work. Whatever else goes, goes to a trash that is
 * emptied after a week: worktrees, branches and refs by git/retire.ts, files of state by system/discard.ts.
 */
export const removers = {
  'src/git/emptyTrash.ts': 'What lay in the trash for its days and is proven to be reachable elsewhere.',
  'src/git/trash.ts': 'The original after its copy on another disk was compared, and half a copy.',
  'src/git/ownWorktree.ts': 'What a check left in a worktree of Rigs, which is made anew for each proof.',
  'src/git/ownFile.ts': "Locks, and indexes of Rigs' own: by their names, and nothing else.",
  'src/git/arrivals.ts': 'Copies that a crash cut short, in a folder that holds nothing else.',
  'src/git/lessons.ts': 'What git remembers of conflicts beyond the newest, and what turned out wrong.',
  'src/git/middle.ts': "Git's notes on a merge that is committed, or a replay that is given up.",
  'src/system/realFiles.ts': 'The file operations themselves.',
  'src/system/durableFile.ts': 'A draft.',
  'src/system/discard.ts': 'What was discarded a week ago.',
  'src/system/unlinkIfThere.ts': 'For those of this list that may find it gone.',
  'src/store/folders.ts': 'Drafts of a dead owner.',
  'src/store/snapshot.ts': 'Snapshots older than two that were read and proven, and half ones.',
  'src/store/home.ts': 'A folder of state that lost the race to be the first, and that nobody was told of.',
  'src/store/journal.ts': 'A journal file of its own that it began in vain, with nothing in it.',
  'src/store/owner.ts': 'Claims and marks of owners that are gone.',
  'src/store/ownership.ts': 'Claims and marks of owners that are gone, and its own.',
  'src/store/account/card.ts': 'Its own card.',
  'src/store/account/turns.ts': 'Claims and marks of owners that are gone.',
  'src/store/account/journal.ts': 'Journal files that a newer whole one superseded.',
  'src/store/account/found.ts': 'A folder that lost the race to be the first.',
  'src/gateway/home.ts': 'Where a door that is closed now was.',
  'src/git/scratchObjects.ts': 'A folder of objects that git made there to be thrown away.',
  'src/cli/rungs.ts': 'A folder it was tried out in.',
  'src/gateway/socketPlace.ts':
    'Sockets that doors of this rig left behind, at which nobody answers any more.',
  'src/gateway/takeUpOutbox.ts': 'What agents said and was taken into the journal a week ago.',
  'src/foreman/checks/aside.ts':
    "Rigs' own clean worktree, and files of it that differ from the target, where an editor looked at it.",
  'src/vscode/problems/editorProblems.ts': 'A file of its own that no language can read.',
  'src/foreman/foreman.ts': 'The mark that work is unfinished, when it is not.',
  'src/foreman/hands/clear.ts':
    "What Rigs wrote for an ended agent's program, made anew for each session; nothing is followed out of it.",
  'src/foreman/shellShim.ts': 'A folder it was tried out in.',
  'src/providers/rehearsal/claim.ts': "The rehearsal server's own claim.",
  'src/vscode/path/rigsInPath.ts':
    'The link to `rigs` that it made itself, as long as it leads where it did.',
  'src/worker/tools/textFile.ts': 'A draft.',
};
const removing = '/^(rm|rmSync|unlink|unlinkSync|rmdir|rmdirSync|removeFolder|unlinkIfThere)$/';
const toTrash =
  'What goes, goes to a trash (git/retire.ts, system/discard.ts), or is on the list in eslint.config.mjs.';
const removals = [
  { selector: `MemberExpression[property.name=${removing}]`, message: toTrash },
  { selector: `CallExpression[callee.name=${removing}]`, message: toTrash },
  { selector: `ImportSpecifier[imported.name=${removing}]`, message: toTrash },
];
/** Git's own ways to take away a worktree, a branch, a ref or what only a log still reaches. */
const proven = 'Retire it: git/retire.ts and git/dropRef.ts prove first that nothing is lost.';
const then = (first, flags) => ({
  selector: `Literal[value='${first}'] ~ Literal[value=/^(${flags})$/]`,
  message: proven,
});
const gitRemovals = [
  then('worktree', 'remove|prune'),
  then('branch', '-d|-D|-f|-M|--delete|--force'),
  then('tag', '-d|--delete'),
  then('update-ref', '-d|--delete'),
  then('symbolic-ref', '-d|--delete'),
  then('reflog', 'expire|delete'),
  then('push', '-d|--delete|--mirror|--prune'),
  then('stash', 'drop|clear|pop'),
  then('remote', 'remove|rm|prune'),
  { selector: 'ArrayExpression > Literal:first-child[value=/^(gc|prune|filter-branch)$/]', message: proven },
  { selector: 'CallExpression[callee.property.name=/^delete(Local)?Branch(es)?$/]', message: proven },
];
/** A move of a ref to nowhere. */
const refToNowhere = {
  selector: "ObjectExpression > Property[key.name='to'][value.raw='null']",
  message: proven,
};
/** The same as a line for `update-ref --stdin`. */
const deleteLine = [
  { selector: 'TemplateElement[value.raw=/(^|\\\\0|\\\\n)(delete|symref-delete) /]', message: proven },
  { selector: 'Literal[value=/(^|\\0|\\n)(delete|symref-delete) /]', message: proven },
];
/** Git's ways to write over files, and to take away what it does not know. */
const overwriting = (first, flags) => ({
  ...then(first, flags),
  message: 'Whoever may write over files is on a list in eslint.config.mjs, with why nothing is lost.',
});
const forcedCheckout = overwriting('checkout', '-f|--force');
const cleaning = overwriting('clean', '-\\w*f\\w*|--force');
const resetFiles = [overwriting('read-tree', '--reset'), overwriting('reset', '--hard|--merge|--keep')];
const gitRules = [...gitRemovals, refToNowhere, ...deleteLine, forcedCheckout, cleaning, ...resetFiles];

/** File → which of the rules for git do not hold there, and why that is nobody's loss. */
const gitExceptions = {
  // Proves first, in the same transaction.
  'src/git/dropRef.ts': [refToNowhere],
  // Writes the line for such a move.
  'src/git/refs.ts': deleteLine,
  // Worktrees for proofs, in which nobody works.
  'src/git/ownWorktree.ts': [forcedCheckout, cleaning],
  // A worktree or spare that nobody was told of yet.
  'src/git/addWorktree.ts': [forcedCheckout, ...resetFiles],
  // What is written over was saved under a ref, and looked at again.
  'src/git/reapply.ts': resetFiles,
  // What a merge left there, and what a person made of it, is saved under a ref.
  'src/git/personMerge.ts': [cleaning, ...resetFiles],
};

const everywhere = [...shells, { selector: 'ExportDefaultDeclaration', message: 'Name what you export.' }];
/** Only git/ runs git (rule 2). */
const gitElsewhere = {
  selector: "CallExpression[arguments.0.value='git']",
  message: 'Only git/ runs git; ask it through its port.',
};
/** The domain's time, ids and randomness come in with its events (rule 6). */
const impure = [
  { selector: "MemberExpression[object.name='Date'][property.name='now']", message: 'The instant is given.' },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'The instant is given.' },
  { selector: "MemberExpression[object.name='Math'][property.name='random']", message: 'The draw is given.' },
];
const impureGlobals = [
  'process',
  'performance',
  'crypto',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
];

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', '.rigs-test/**', 'media/**'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './src/webview/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      'no-restricted-imports': ['error', { paths: noShell }],
      'no-restricted-syntax': ['error', ...everywhere],
      'no-console': 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/git/**'],
    rules: { 'no-restricted-syntax': ['error', ...everywhere, gitElsewhere, ...removals] },
  },
  {
    files: ['src/git/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...everywhere, ...removals, ...gitRules] },
  },
  {
    files: Object.keys(removers),
    ignores: ['src/git/**'],
    rules: { 'no-restricted-syntax': ['error', ...everywhere, gitElsewhere] },
  },
  ...[...new Set([...Object.keys(removers), ...Object.keys(gitExceptions)])]
    .filter((file) => file.startsWith('src/git/'))
    .map((file) => ({
      files: [file],
      rules: {
        'no-restricted-syntax': [
          'error',
          ...everywhere,
          ...(file in removers ? [] : removals),
          ...gitRules.filter((rule) => gitExceptions[file]?.includes(rule) !== true),
        ],
      },
    })),
  {
    files: ['src/town/**/*.ts', 'src/words/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...everywhere, gitElsewhere, ...removals, ...impure],
      'no-restricted-globals': ['error', ...impureGlobals],
    },
  },
  {
    files: ['src/vscode/**/*.ts'],
    ignores: ['src/vscode/terminals.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          property: 'sendText',
          message: 'Only terminals.ts writes to a terminal, and only what a person asked to send.',
        },
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: { '@typescript-eslint/no-unused-expressions': 'off', 'no-console': 'off' },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        fetch: 'readonly',
        Buffer: 'readonly',
      },
    },
  },
);
