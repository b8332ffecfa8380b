import type { Bead } from './bead.ts';

/** One of what a glob may read next. any: all but a slash · all: anything. */
type Reads = { readonly is: string } | 'any' | 'all';

interface State {
  readonly free: number[];
  readonly steps: { readonly reads: Reads; readonly to: number }[];
  end: boolean;
}

/** A path as long as this is no guess of a planner; it is taken to touch anything. */
const longest = 300;
/** Alternatives in braces beyond which a glob is taken to touch anything. */
const most = 24;

/** Globs of the files a bead changes: those it really changed as soon as that is known, else those it is expected to. */
export function filesOf(bead: Pick<Bead, 'evidence' | 'touched' | 'touches'>): readonly string[] {
  const { evidence, touched = [], touches } = bead;
  if (evidence !== null && evidence.files.length > 0) return evidence.files;
  return touched.length > 0 ? touched : touches;
}

/** The first of `mine` that may be a file of `theirs` too; null: none. Without globs nothing is known to overlap. */
export function overlap(mine: readonly string[], theirs: readonly string[]): string | null {
  const [own, others] = [tidied(mine), tidied(theirs)];
  const at = own.findIndex((one) => others.some((other) => meets(one, other)));
  return mine[at] ?? null;
}

/** Asked for every ready bead beside all that are at work, and a bead's files are the same list from look to look. */
const tidy = new WeakMap<readonly string[], readonly string[]>();

function tidied(globs: readonly string[]): readonly string[] {
  const known = tidy.get(globs) ?? globs.map(tidyGlob);
  tidy.set(globs, known);
  return known;
}

/** Whether some path matches both globs. A plain path is the file, or all that lies in the folder of that name. */
export function intersect(a: string, b: string): boolean {
  return meets(tidyGlob(a), tidyGlob(b));
}

function meets(first: string, second: string): boolean {
  if (first === second) return true;
  if (first === '' || second === '') return false;
  if (apart(first, second)) return false;
  const [left, right] = [compile(first), compile(second)];
  return left === null || right === null || meet(left, right);
}

function tidyGlob(glob: string): string {
  const bare = glob
    .trim()
    .replaceAll('\\', '/')
    .replace(/^(?:\.?\/)+/, '');
  return bare.endsWith('/') ? `${bare}**` : bare;
}

/** What stands before the first wildcard differs: by far the most pairs. */
function apart(a: string, b: string): boolean {
  const [x, y] = [a.search(/[*?[{]/), b.search(/[*?[{]/)];
  const length = Math.min(x < 0 ? a.length : x, y < 0 ? b.length : y);
  return a.slice(0, length) !== b.slice(0, length);
}

/** A glob as a machine that reads a path; null: too large to be looked at. */
function compile(glob: string): readonly State[] | null {
  const alternatives = expand(glob);
  if (glob.length > longest || alternatives === null) return null;
  const states: State[] = [{ free: [], steps: [], end: false }];
  for (const one of alternatives) add(states, one);
  return states;
}

function add(states: State[], glob: string): void {
  const make = (): number => states.push({ free: [], steps: [], end: false }) - 1;
  const step = (from: number, reads: Reads, to: number): void => {
    states[from]?.steps.push({ reads, to });
  };
  let here = make();
  states[0]?.free.push(here);
  for (let at = 0; at < glob.length;) {
    const next = make();
    if (glob.startsWith('**/', at)) {
      const within = make();
      states[here]?.free.push(next);
      step(here, 'all', within);
      step(within, 'all', within);
      step(within, { is: '/' }, next);
      at += 3;
    } else if (glob[at] === '*') {
      const deep = glob[at + 1] === '*';
      states[here]?.free.push(next);
      step(next, deep ? 'all' : 'any', next);
      at += deep ? 2 : 1;
    } else {
      const close = glob[at] === '[' ? glob.indexOf(']', at + 2) : -1;
      step(here, close > 0 || glob[at] === '?' ? 'any' : { is: glob[at] ?? '' }, next);
      at = close > 0 ? close + 1 : at + 1;
    }
    here = next;
  }
  const last = states[here];
  if (last !== undefined) last.end = true;
  if (/[*?[]/.test(glob)) return;
  const inside = make();
  step(here, { is: '/' }, inside);
  step(inside, 'all', inside);
  states[inside] = { ...(states[inside] ?? { free: [], steps: [] }), end: true };
}

/** `a{b,c}` as `ab` and `ac`; null: too many. */
function expand(glob: string): readonly string[] | null {
  let found = [glob];
  for (;;) {
    const next: string[] = [];
    for (const one of found) {
      const braces = /^(.*?)\{([^{}]*)\}(.*)$/s.exec(one);
      const [, before = '', inside = '', after = ''] = braces ?? [];
      if (braces === null) next.push(one);
      else for (const part of inside.split(',')) next.push(before + part + after);
    }
    if (next.length > most) return null;
    if (next.length === found.length && next.every((one, index) => one === found[index])) return found;
    found = next;
  }
}

function meet(a: readonly State[], b: readonly State[]): boolean {
  const seen = new Set<number>([0]);
  const open: (readonly [number, number])[] = [[0, 0]];
  const go = (i: number, j: number): void => {
    const key = i * b.length + j;
    if (seen.has(key)) return;
    seen.add(key);
    open.push([i, j]);
  };
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const [i, j] = pair;
    const [left, right] = [a[i], b[j]];
    if (left === undefined || right === undefined) continue;
    if (left.end && right.end) return true;
    for (const to of left.free) go(to, j);
    for (const to of right.free) go(i, to);
    for (const one of left.steps)
      for (const other of right.steps) if (agree(one.reads, other.reads)) go(one.to, other.to);
  }
  return false;
}

function agree(a: Reads, b: Reads): boolean {
  if (a === 'all' || b === 'all') return true;
  if (a === 'any') return b === 'any' || b.is !== '/';
  return b === 'any' ? a.is !== '/' : a.is === b.is;
}
