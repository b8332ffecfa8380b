import { join } from 'node:path';
import { environmentFor } from '../system/environment.ts';

/**
 * Configuration that every git call of Rigs runs under, whatever the person or the repository configured. Handed over
 * by environment, which wins over every file and reaches the git programs that git starts.
 *
 * What is not here stays as it is configured. `programs.ts` lists each key that runs a program, and `guard.ts` stops a
 * call that would run one which is not the person's.
 */
const safeConfig: readonly (readonly [key: string, value: string])[] = [
  // A path below a file exists on no platform; an empty value would mean the current folder on some git versions.
  ['core.hooksPath', join(process.execPath, 'no-hooks')],
  ['core.fsmonitor', 'false'],
  ['core.askPass', ''],
  ['core.quotePath', 'false'],
  // A signature would ask for a passphrase, and the person's must not stand under what an agent wrote.
  ['commit.gpgSign', 'false'],
  // What git says is done is on the disk: the default syncs neither a loose object nor the index.
  ['core.fsync', 'all'],
  // Not `batch`, which is sound on few file systems, nor `writeout-only`, which leaves it in the disk's own memory.
  ['core.fsyncMethod', 'fsync'],
  // Git's own defaults, so that no repository takes them away: names that some systems read as `.git`.
  ['core.protectNTFS', 'true'],
  ...(process.platform === 'darwin' ? ([['core.protectHFS', 'true']] as const) : []),
  ['i18n.commitEncoding', 'UTF-8'],
  ['i18n.logOutputEncoding', 'UTF-8'],
  ['log.showSignature', 'false'],
  // Housekeeping in the background would race with the next call; the person's own git does it.
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['submodule.recurse', 'false'],
  ['fetch.recurseSubmodules', 'false'],
  ['branch.autoSetupMerge', 'false'],
  ['worktree.guessRemote', 'false'],
  ['rerere.enabled', 'false'],
  ['merge.conflictStyle', 'merge'],
  ['diff.noprefix', 'false'],
  ['diff.mnemonicPrefix', 'false'],
  ['diff.submodule', 'short'],
  ['diff.ignoreSubmodules', 'dirty'],
  ['color.ui', 'false'],
];

/** Transports a fetch may use. Git's own list would let configuration allow `ext::`, which runs any program. */
const transports = 'file:git:http:https:ssh';

/** Variables of git that say where the person's configuration and programs are, not what a call does. */
const keptGit = new Set([
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_SYSTEM',
  'GIT_CONFIG_NOSYSTEM',
  'GIT_EXEC_PATH',
  'GIT_SSH',
  'GIT_SSH_COMMAND',
  'GIT_SSH_VARIANT',
  'GIT_SSL_CAINFO',
  'GIT_SSL_CAPATH',
]);
const dropped = /^(GIT_|LC_)|^(LANG|LANGUAGE|PAGER|EDITOR|VISUAL|SSH_ASKPASS)$/i;

const fixed: Readonly<Record<string, string>> = {
  LC_ALL: 'C',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ASKPASS: '',
  SSH_ASKPASS_REQUIRE: 'never',
  GIT_PAGER: 'cat',
  // Git takes a lone colon for an editor that changes nothing, on every platform and without starting a program.
  GIT_EDITOR: ':',
  GIT_SEQUENCE_EDITOR: ':',
  GIT_ALLOW_PROTOCOL: transports,
  // A replaced or grafted commit reads differently from the one that is proven and lands.
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_GRAFT_FILE: join(process.execPath, 'no-grafts'),
  // An empty list, which outweighs all that `notes.rewriteRef` adds to.
  GIT_NOTES_REWRITE_REF: '',
  // A look at the person's worktree must never hold their index.
  GIT_OPTIONAL_LOCKS: '0',
};

/** The whole environment of a git call; the only place that decides what git may see and run. */
export function gitEnvironment(
  extra: Readonly<Record<string, string>> = {},
  from: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(environmentFor(from)))
    if (keptGit.has(name) || !dropped.test(name)) environment[name] = value;
  Object.assign(environment, fixed, extra);
  environment['GIT_CONFIG_COUNT'] = String(safeConfig.length);
  safeConfig.forEach(([key, value], index) => {
    environment[`GIT_CONFIG_KEY_${String(index)}`] = key;
    environment[`GIT_CONFIG_VALUE_${String(index)}`] = value;
  });
  return environment;
}
