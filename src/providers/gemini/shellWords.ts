/**
 * A program and its arguments as the one line that Gemini CLI hands to its shell (bash, or PowerShell on Windows) for a
 * hook. Every word is quoted, so that the shell has nothing to decide.
 */
export function hookCommand(words: readonly string[], platform: NodeJS.Platform): string {
  return platform === 'win32'
    ? `& ${words.map((word) => `'${word.replaceAll("'", "''")}'`).join(' ')}`
    : words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
}
