/** The system's code of an error (`ENOENT`, or a program's exit code), if it has one. */
export function codeOf(error: unknown): string | number | undefined {
  // Not `instanceof Error`: errors of another context are none here.
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' || typeof error.code === 'number' ? error.code : undefined;
}
