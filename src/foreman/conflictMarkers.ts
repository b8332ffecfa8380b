/** Whether a unified diff adds what git leaves in a file that it could not merge. */
export function hasConflictMarkers(diff: string): boolean {
  return /^\+<{7} .*$/m.test(diff) && /^\+>{7} .*$/m.test(diff);
}

/** Enough to see a marker in any file a person would call a change of theirs. */
export const markedDiffBytes = 4 * 1024 * 1024;
