/**
 * East Asian Wide and Fullwidth (UAX #11), and the blocks of pictures: terminals give each of these two cells. By
 * blocks rather than by character: inside them nearly everything is wide.
 */
const wide =
  /[\u1100-\u115f\u231a\u231b\u2329\u232a\u23e9-\u23ec\u23f0\u23f3\u25fd\u25fe\u2614\u2615\u2648-\u2653\u267f\u2693\u26a1\u26aa\u26ab\u26bd\u26be\u26c4\u26c5\u26ce\u26d4\u26ea\u26f2\u26f3\u26f5\u26fa\u26fd\u2705\u270a\u270b\u2728\u274c\u274e\u2753-\u2755\u2757\u2795-\u2797\u27b0\u27bf\u2b1b\u2b1c\u2b50\u2b55\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1b000}-\u{1b2ff}\u{1f004}\u{1f0cf}\u{1f18e}\u{1f191}-\u{1f19a}\u{1f1e6}-\u{1f265}\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f7e0}-\u{1f7eb}\u{1f90c}-\u{1faff}\u{20000}-\u{3fffd}]/u;
/** Drawn as a picture because a selector says so, such as a heart. */
const pictured = '\ufe0f';
const unseen = /^[\p{M}\p{Cf}\p{Cc}]+$/u;
const ascii = /^[ -~]*$/;

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Cells of a terminal that a line takes. */
export function widthOf(line: string): number {
  if (ascii.test(line)) return line.length;
  let width = 0;
  for (const { segment } of segmenter.segment(line)) width += cellsOf(segment);
  return width;
}

function cellsOf(grapheme: string): number {
  if (wide.test(grapheme) || grapheme.includes(pictured)) return 2;
  return unseen.test(grapheme) ? 0 : 1;
}

/** The line in at most `cells`; what is cut off is an ellipsis. Whole characters only. */
export function fit(line: string, cells: number): string {
  if (widthOf(line) <= cells) return line;
  let kept = '';
  let width = 1;
  for (const { segment } of segmenter.segment(line)) {
    width += cellsOf(segment);
    if (width > cells) break;
    kept += segment;
  }
  return cells <= 0 ? '' : `${kept.trimEnd()}…`;
}

/** Filled with blanks to `cells`, so that what follows stands below what followed above. */
export function pad(line: string, cells: number, right = false): string {
  const blanks = ' '.repeat(Math.max(0, cells - widthOf(line)));
  return right ? blanks + line : line + blanks;
}
