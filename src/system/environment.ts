/** What the editor sets for itself: whoever sees it takes itself for a part of the editor. */
export function isEditorsOwn(name: string): boolean {
  return /^(VSCODE|ELECTRON)_/i.test(name);
}

/**
 * Of an environment what a program may see that is no part of a session: nothing that the editor or Rigs set, and nothing
 * else that is named.
 */
export function environmentFor(
  from: Readonly<Record<string, string | undefined>>,
  without: readonly string[] = [],
): Record<string, string> {
  const seen: Record<string, string> = {};
  for (const [name, value] of Object.entries(from)) {
    if (value === undefined || isEditorsOwn(name) || /^(RIGS|GTR)_/i.test(name)) continue;
    if (!without.includes(name)) seen[name] = value;
  }
  return seen;
}
