import { ToolError } from './toolError.ts';

/**
 * The parts of a relative path that stays below where it starts; none for the start itself. Throws `ToolError` for
 * every other path. Says nothing about links: see `confine`.
 */
export function segmentsOf(given: string, windows = process.platform === 'win32'): readonly string[] {
  if (given.includes('\0')) throw new ToolError('A path cannot hold a NUL character.');
  const separator = windows ? /[\\/]/ : /\//;
  const parts = given.split(separator);
  if ((parts.length > 1 && parts[0] === '') || (windows && /^[a-z]:/i.test(given)))
    throw new ToolError(`${given}: give the path relative to the worktree, without a leading / or drive.`);
  const segments = parts.filter((part) => part !== '' && part !== '.');
  for (const segment of segments) {
    if (segment === '..') throw new ToolError(`${given}: a path cannot go up with "..".`);
    if (isGitName(segment))
      throw new ToolError(`${given}: git's own folder is off limits; use git through "run".`);
    if (windows && unusual.test(segment))
      throw new ToolError(`${given}: "${segment}" cannot name a file here.`);
  }
  return segments;
}

/** Devices have a name in every folder of Windows; a colon names a stream, a dot or space at the end is dropped. */
const unusual = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)|[:<>"|?*]|[. ]$/i;

/** Characters that HFS+ leaves out when it compares names. */
const ignorable = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/** Whether some file system takes this name for `.git`: by case, by ignored characters, as NTFS's short name or stream. */
export function isGitName(segment: string): boolean {
  const name = segment
    .replace(ignorable, '')
    .toLowerCase()
    .replace(/:.*$/s, '')
    .replace(/[. ]+$/, '');
  return name === '.git' || name === 'git~1';
}
