/**
 * Words as a line for the shell that Claude Code runs its status line with: sh where there is one. On Windows it is
 * Git's bash or PowerShell, and only plain words with forward slashes mean the same to both; null when there is another.
 */
export function plainLine(words: readonly string[], platform = process.platform): string | null {
  if (platform !== 'win32') return words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  const forward = words.map((word) => word.replaceAll('\\', '/'));
  return forward.every((word) => /^[\w@%+=:,./-]+$/.test(word)) ? forward.join(' ') : null;
}
