/**
 * Every key of git's configuration by which a repository could make Rigs' own calls run a program of its choosing, or
 * work in files that are not its own, and what becomes of it. An agent can write `.git/config`, and what stands there
 * would run as the person, outside the agent's sandbox and after its end.
 *
 * - `off`: no call of Rigs' runs it, by environment or option, whatever is configured.
 * - `unreached`: only commands that Rigs never calls read it, or git itself ignores it in a repository.
 * - `person`: needed for what a file's bytes mean or for the way to the remote, so it cannot be off. It is run as the
 *   person's own configuration defines it. From the repository's it is run only when it says the same, when it is on
 *   the list of known helpers, or when the person approved that very value; everything else stops the call.
 */
export interface ProgramKey {
  /** `*` stands for any name. */
  readonly key: string;
  readonly answer: 'off' | 'unreached' | 'person';
  /** Matters only to a fetch or a push, to what fetches missing objects of a partial clone, and to a checkout with git-lfs. */
  readonly onlyFetch?: true;
  /** Values that run a well-known program, found on the person's PATH, with nothing of the repository's choosing. */
  readonly known?: RegExp;
  readonly why: string;
}

/** Git quotes a program's name or not, by version of the helper that wrote it. */
const lfs = /^"?git-lfs"? (clean -- %f|smudge( --skip)? -- %f|filter-process( --skip)?)$/;
const crypt = /^"?git-crypt"? (clean|smudge)( --key-name=[\w-]+)?$/;
const content = 'It decides what a file is: without it pointers or plain secrets would be committed.';
const remote = "The person's way to the remote.";
const byLfs = 'Run by git-lfs, which reads it from here.';
const byOther = 'Read by commands only that Rigs never calls.';

export const programKeys: readonly ProgramKey[] = [
  {
    key: 'filter.*.clean',
    answer: 'person',
    known: new RegExp(`${lfs.source}|${crypt.source}`),
    why: content,
  },
  {
    key: 'filter.*.smudge',
    answer: 'person',
    known: new RegExp(`${lfs.source}|${crypt.source}`),
    why: content,
  },
  { key: 'filter.*.process', answer: 'person', known: lfs, why: content },
  { key: 'lfs.extension.*.clean', answer: 'person', why: byLfs },
  { key: 'lfs.extension.*.smudge', answer: 'person', why: byLfs },
  { key: 'lfs.customtransfer.*.path', answer: 'person', why: byLfs },
  { key: 'lfs.customtransfer.*.args', answer: 'person', why: byLfs },
  { key: 'merge.*.driver', answer: 'person', why: 'It decides how two versions of a file become one.' },
  {
    key: 'core.worktree',
    answer: 'person',
    why: 'Leads git to files elsewhere. Only a submodule, whose files lead back, has a use for it.',
  },
  { key: 'hook.*.command', answer: 'person', why: 'Hooks of newer gits that no path switches off.' },
  { key: 'core.sshCommand', answer: 'person', onlyFetch: true, why: remote },
  { key: 'core.gitProxy', answer: 'person', onlyFetch: true, why: remote },
  { key: 'credential.helper', answer: 'person', onlyFetch: true, why: remote },
  { key: 'credential.*.helper', answer: 'person', onlyFetch: true, why: remote },
  { key: 'remote.*.uploadpack', answer: 'person', onlyFetch: true, why: remote },
  { key: 'remote.*.receivepack', answer: 'person', onlyFetch: true, why: remote },
  { key: 'core.alternateRefsCommand', answer: 'person', onlyFetch: true, why: 'Git has no value for none.' },

  {
    key: 'core.hooksPath',
    answer: 'off',
    why: 'Leads to a place where no file can be; so do all git hooks.',
  },
  {
    key: 'core.fsmonitor',
    answer: 'off',
    why: 'false. Repositories inside a worktree are never looked into.',
  },
  { key: 'core.pager', answer: 'off', why: '--no-pager and GIT_PAGER.' },
  { key: 'pager.*', answer: 'off', why: '--no-pager.' },
  { key: 'core.editor', answer: 'off', why: 'GIT_EDITOR.' },
  { key: 'sequence.editor', answer: 'off', why: 'GIT_SEQUENCE_EDITOR.' },
  { key: 'core.askPass', answer: 'off', why: 'GIT_ASKPASS and GIT_TERMINAL_PROMPT.' },
  { key: 'diff.external', answer: 'off', why: '--no-ext-diff with every diff.' },
  { key: 'diff.*.command', answer: 'off', why: '--no-ext-diff with every diff.' },
  { key: 'diff.*.textconv', answer: 'off', why: '--no-textconv with every diff.' },
  { key: 'gpg.program', answer: 'off', why: 'commit.gpgSign and log.showSignature are false.' },
  { key: 'gpg.*.program', answer: 'off', why: 'commit.gpgSign and log.showSignature are false.' },
  { key: 'gpg.ssh.defaultKeyCommand', answer: 'off', why: 'commit.gpgSign is false.' },
  {
    key: 'remote.*.vcs',
    answer: 'off',
    why: 'GIT_ALLOW_PROTOCOL names all transports, and ext is none of them.',
  },
  { key: 'protocol.*.allow', answer: 'off', why: 'GIT_ALLOW_PROTOCOL outweighs it.' },
  {
    key: 'submodule.*.update',
    answer: 'off',
    why: 'submodule.recurse is false; no call updates submodules.',
  },
  { key: 'gc.recentObjectsHook', answer: 'off', why: 'gc.auto and maintenance.auto are off.' },

  { key: 'alias.*', answer: 'unreached', why: 'Never outweighs a command of git, and Rigs calls no other.' },
  { key: 'interactive.diffFilter', answer: 'unreached', why: byOther },
  { key: 'trailer.*.command', answer: 'unreached', why: byOther },
  { key: 'trailer.*.cmd', answer: 'unreached', why: byOther },
  { key: 'difftool.*.cmd', answer: 'unreached', why: byOther },
  { key: 'mergetool.*.cmd', answer: 'unreached', why: byOther },
  { key: 'tar.*.command', answer: 'unreached', why: byOther },
  { key: 'browser.*.cmd', answer: 'unreached', why: byOther },
  { key: 'man.*.cmd', answer: 'unreached', why: byOther },
  { key: 'sendemail.smtpServer', answer: 'unreached', why: byOther },
  { key: 'init.templateDir', answer: 'unreached', why: 'Its hooks would be copied by init and clone.' },
  { key: 'uploadpack.packObjectsHook', answer: 'unreached', why: 'Git ignores it in a repository.' },
  { key: 'safe.directory', answer: 'unreached', why: 'Git ignores it in a repository.' },
  { key: 'include.path', answer: 'unreached', why: 'What it includes counts as where it is included.' },
];

/** The row for a key as git prints it: names in small letters, what stands between the dots as it was written. */
export function programKey(key: string): ProgramKey | undefined {
  return rows.find(([pattern]) => pattern.test(key))?.[1];
}

const rows = programKeys.map((row) => {
  const words = row.key.split('*').map((part) => part.replaceAll('.', '\\.'));
  return [new RegExp(`^${words.join('.*')}$`, 'is'), row] as const;
});
