/** The word that was probably meant; null when none is near. */
export function suggest(given: string, known: readonly string[]): string | null {
  const most = given.length <= 3 ? 1 : given.length <= 6 ? 2 : 3;
  let best: string | null = null;
  let least = most + 1;
  for (const word of known) {
    const prefix = given.length >= 2 && word.startsWith(given);
    const away = prefix ? 1 : distance(given, word, most);
    if (away < least) [best, least] = [word, away];
  }
  return best;
}

/** How many letters are wrong, missing, too many or swapped with the next (Damerau–Levenshtein, adjacent swaps). */
function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let row = 1; row <= a.length; row += 1) {
    const line = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      line[column] = Math.min(
        (above[column] ?? 0) + 1,
        (line[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + (same ? 0 : 1),
        swapped && row > 1 && column > 1 ? (before[column - 2] ?? 0) + 1 : Infinity,
      );
    }
    before = above;
    above = line;
  }
  return above[b.length] ?? Infinity;
}

/** `Did you mean …?`, or nothing. */
export function didYouMean(given: string, known: readonly string[], show = (word: string) => word): string {
  const near = suggest(given, known);
  return near === null ? '' : ` Did you mean ${show(near)}?`;
}
