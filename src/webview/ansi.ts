/* eslint-disable no-control-regex -- control characters are this file's subject */

/** How text looks after what a program said of it (SGR, ECMA-48 §8.3.117); colours are the sixteen of a theme. */
export interface AnsiStyle {
  readonly fg: number | null;
  readonly bg: number | null;
  readonly marks: readonly Mark[];
}
type Mark = 'bold' | 'dim' | 'italic' | 'underline' | 'inverse' | 'strike';

export interface AnsiPiece {
  readonly text: string;
  readonly style: AnsiStyle;
}

export const noStyle: AnsiStyle = { fg: null, bg: null, marks: [] };

/** SGR with its numbers; any other sequence, which moves a cursor or names a window; a return to the line's begin. */
const sequences =
  /\u001b\[([\d;:]*)m|\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]|\r/g;

/** One line in pieces of one look, and the look that goes on in the next. What was overwritten from its begin is gone. */
export function ansiLine(
  line: string,
  begin: AnsiStyle,
): { readonly pieces: readonly AnsiPiece[]; readonly style: AnsiStyle } {
  let pieces: AnsiPiece[] = [];
  let style = begin;
  let at = 0;
  const shown = line.replace(/\r+$/, '');
  const add = (end: number): void => {
    if (end > at) pieces.push({ text: shown.slice(at, end), style });
  };
  for (const found of shown.matchAll(sequences)) {
    add(found.index);
    at = found.index + found[0].length;
    if (found[0] === '\r') pieces = [];
    else if (found[1] !== undefined) style = styled(style, found[1]);
  }
  add(shown.length);
  return { pieces, style };
}

const marks: Readonly<Record<number, Mark>> = {
  1: 'bold',
  2: 'dim',
  3: 'italic',
  4: 'underline',
  7: 'inverse',
  9: 'strike',
};
const ends: Readonly<Record<number, readonly Mark[]>> = {
  22: ['bold', 'dim'],
  23: ['italic'],
  24: ['underline'],
  27: ['inverse'],
  29: ['strike'],
};

/** More numbers in one sequence say nothing that is seen. */
const mostNumbers = 40;

function styled(before: AnsiStyle, numbers: string): AnsiStyle {
  const codes = numbers.split(/[;:]/, mostNumbers).map(Number);
  let style = before;
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48) {
      const { color, used } = extended(codes.slice(at + 1));
      style = code === 38 ? { ...style, fg: color } : { ...style, bg: color };
      at += used;
    } else style = coded(style, code);
  }
  return style;
}

function coded(style: AnsiStyle, code: number): AnsiStyle {
  const mark = marks[code];
  if (code === 0) return noStyle;
  if (mark !== undefined) return { ...style, marks: [...style.marks.filter((one) => one !== mark), mark] };
  const ended = ends[code];
  if (ended !== undefined) return { ...style, marks: style.marks.filter((one) => !ended.includes(one)) };
  if (code >= 30 && code <= 37) return { ...style, fg: code - 30 };
  if (code >= 90 && code <= 97) return { ...style, fg: code - 82 };
  if (code >= 40 && code <= 47) return { ...style, bg: code - 40 };
  if (code >= 100 && code <= 107) return { ...style, bg: code - 92 };
  if (code === 39) return { ...style, fg: null };
  return code === 49 ? { ...style, bg: null } : style;
}

/** `5;n` is one of 256, `2;r;g;b` any: both as the theme's colour that comes nearest, which is legible in it. */
function extended([kind, ...values]: readonly number[]): {
  readonly color: number | null;
  readonly used: number;
} {
  const [a = 0, b = 0, c = 0] = values;
  if (kind === 5) return { color: a < 16 ? Math.max(0, a) : nearest(of256(a)), used: 2 };
  return kind === 2 ? { color: nearest([a, b, c]), used: 4 } : { color: null, used: 1 };
}

type Rgb = readonly [number, number, number];

/** As terminals have them: a cube of six steps, then greys. */
function of256(index: number): Rgb {
  if (index >= 232) {
    const grey = 8 + 10 * (index - 232);
    return [grey, grey, grey];
  }
  const step = (n: number): number => (n === 0 ? 0 : 55 + 40 * n);
  const cube = index - 16;
  return [step(Math.floor(cube / 36)), step(Math.floor(cube / 6) % 6), step(cube % 6)];
}

const sixteen: readonly Rgb[] = [
  [0, 0, 0],
  [205, 0, 0],
  [0, 205, 0],
  [205, 205, 0],
  [0, 0, 238],
  [205, 0, 205],
  [0, 205, 205],
  [229, 229, 229],
  [127, 127, 127],
  [255, 0, 0],
  [0, 255, 0],
  [255, 255, 0],
  [92, 92, 255],
  [255, 0, 255],
  [0, 255, 255],
  [255, 255, 255],
];

function nearest([r, g, b]: Rgb): number {
  const distances = sixteen.map(([x, y, z]) => (r - x) ** 2 + (g - y) ** 2 + (b - z) ** 2);
  return distances.indexOf(Math.min(...distances));
}

/** Class names of a look, for the style sheet. */
export function ansiClasses({ fg, bg, marks: marked }: AnsiStyle): string {
  return [fg === null ? '' : `fg-${fg}`, bg === null ? '' : `bg-${bg}`, ...marked]
    .filter((one) => one !== '')
    .join(' ');
}
