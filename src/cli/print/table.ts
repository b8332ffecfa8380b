import { plain } from '../../words/plain.ts';
import { type Colour, paint } from './paint.ts';
import { fit, pad, widthOf } from './width.ts';

/** How a terminal wants it; `columns` null: nothing is cut. */
export interface Screen {
  readonly columns: number | null;
  readonly colours: boolean;
}

export interface Column<T> {
  readonly head: string;
  readonly cell: (row: T) => string;
  readonly colour?: (row: T) => Colour | null;
  readonly right?: true;
  /** Gives way when the terminal is narrow; the others stay whole. */
  readonly gives?: true;
}

const gap = 2;
/** Narrower than that a text says nothing. */
const leastWidth = 8;
/** A cell is one line, however long the terminal. */
const longestCell = 2_000;

/** One line a row under a line of heads. Every cell is made harmless here, whoever wrote it. */
export function table<T>(columns: readonly Column<T>[], rows: readonly T[], screen: Screen): string {
  const cells = rows.map((row) => columns.map(({ cell }) => plain(cell(row), longestCell)));
  const used = columns.map((_, at) => cells.some((line) => line[at] !== ''));
  const widths = fitted(
    columns.map(({ head, gives }, at) => ({
      // Not spread into one call: a rig may have more rows than a call has room for arguments.
      width:
        used[at] === true
          ? cells.reduce((most, line) => Math.max(most, widthOf(line[at] ?? '')), widthOf(head))
          : 0,
      gives: gives === true,
    })),
    screen.columns,
  );
  const lineOf = (texts: readonly string[], colourAt: (at: number) => Colour | null): string =>
    columns
      .flatMap(({ right }, at) => {
        const width = widths[at] ?? 0;
        if (width === 0) return [];
        const text = fit(texts[at] ?? '', width);
        const blanks = pad(text, width, right).replace(text, () => paint(text, colourAt(at), screen.colours));
        return [blanks];
      })
      .join(' '.repeat(gap))
      .trimEnd();
  const heads = columns.map(({ head }) => head);
  return [
    lineOf(heads, () => 'dim'),
    ...rows.map((row, index) => lineOf(cells[index] ?? [], (at) => columns[at]?.colour?.(row) ?? null)),
  ].join('\n');
}

interface Wanted {
  readonly width: number;
  readonly gives: boolean;
}

/** Takes from the widest that give way until the line fits, or none of them can give more. */
function fitted(wanted: readonly Wanted[], columns: number | null): readonly number[] {
  const widths = wanted.map(({ width }) => width);
  if (columns === null) return widths;
  const shown = widths.filter((width) => width > 0).length;
  const room = columns - gap * Math.max(0, shown - 1);
  for (;;) {
    const over = widths.reduce((sum, width) => sum + width, 0) - room;
    const widest = Math.max(...widths.filter((_, at) => wanted[at]?.gives === true), 0);
    if (over <= 0 || widest <= leastWidth) return widths;
    const next = Math.max(
      leastWidth,
      ...widths.filter((width, at) => wanted[at]?.gives === true && width < widest),
    );
    const those = widths.flatMap((width, at) => (wanted[at]?.gives === true && width === widest ? [at] : []));
    const less = Math.min(Math.ceil(over / those.length), widest - next || 1);
    for (const at of those) widths[at] = widest - less;
  }
}
