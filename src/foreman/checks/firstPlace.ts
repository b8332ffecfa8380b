import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { plainLines } from '../../words/plain.ts';

/** A file of the worktree, by its path in it with slashes, and a line from 1. */
export interface TestPlace {
  readonly file: string;
  readonly line: number;
}

/** Whatever has no name that programs are written under is no place: `example.com:443`, `10:30:45`. */
const endings =
  'tsx?|mts|cts|jsx?|mjs|cjs|vue|svelte|py|pyi|go|rs|java|kts?|scala|groovy|cs|fs|vb|c|cc|cpp|cxx|h|hh|hpp|m|mm|swift|rb|php|ex|exs|erl|hs|lua|pl|r|jl|dart|zig|nim|sh|sql|css|scss|less|html|json|toml|ya?ml|md';
/** A path holds only these, and none of them stands before one: so each is read once, however long a line is. */
const inPath = String.raw`\p{L}\p{N}_@.+\-/\\~#%$`;
const placed = new RegExp(
  String.raw`(?<![${inPath}:])([${inPath}]{1,400}\.(?:${endings}))(?::(\d{1,7})\b|\((\d{1,7})[,)])` +
    String.raw`|File "([^"]{1,400})", line (\d{1,7})`,
  'gu',
);
const alone = new RegExp(String.raw`^([${inPath}]{1,400}\.(?:${endings}))$`, 'u');
/** Line, column and verdict, below the file they are in. */
const below = /^ +(\d{1,7}):\d{1,7} +error\b/;
const bad = /\b(?:fail(?:ed|ures?|ing)?|panic(?:ked)?|traceback)\b|(?:error|exception)\b|not ok\b|[✖✗×❌●]/iu;
/** Folders in which others' code lies. */
const foreign = new Set(['node_modules', 'site-packages', '.venv', 'venv', 'vendor', '.git']);

const mostPlaces = 20;
const longestLine = 2_000;

/**
 * Where a failed check's output says that something went wrong, the most likely place first, at most 20: from the first
 * line that speaks of a failure on, only what lies in the worktree by its name. Whether it is there has to be looked up.
 */
export function placesIn(output: string, worktree: string): readonly TestPlace[] {
  const lines = within(plainLines(output), worktree).split('\n');
  const start = lines.findIndex((line) => bad.test(line.slice(0, longestLine)));
  if (start < 0) return [];
  // Some linters name the file first, and what is wrong with it on the lines below.
  const paragraph = lines.slice(0, start).findLastIndex((line) => line.trim() === '') + 1;
  return collect(lines.slice(paragraph));
}

/** The first of them. */
export function firstPlace(output: string, worktree: string): TestPlace | null {
  return placesIn(output, worktree)[0] ?? null;
}

/** Full paths of the worktree's files, also as addresses, as paths in it; it may lie where names have spaces. */
function within(output: string, worktree: string): string {
  const root = worktree.endsWith(path.sep) ? worktree : worktree + path.sep;
  const address = pathToFileURL(root).href;
  return output.replaceAll(address, '').replaceAll(`file://${root}`, '').replaceAll(root, '');
}

function collect(lines: readonly string[]): readonly TestPlace[] {
  const found = new Map<string, TestPlace>();
  const add = (file: string, line: string): void => {
    const place = placeOf(file, line);
    if (place !== null && found.size < mostPlaces) found.set(`${place.file}:${line}`, place);
  };
  let heading: string | null = null;
  for (const [index, whole] of lines.entries()) {
    if (found.size >= mostPlaces) break;
    const line = whole.slice(0, longestLine);
    heading = alone.exec(line)?.[1] ?? (line.trim() === '' ? null : heading);
    const listed = below.exec(line)?.[1];
    if (heading !== null && listed !== undefined) add(heading, listed);
    for (const [, file, colon, bracket, python, pythonLine] of line.matchAll(placed)) {
      const named = file ?? python ?? '';
      const at = colon ?? bracket ?? pythonLine ?? '';
      for (const one of inPackage(named, lines, index)) add(one, at);
    }
  }
  return [...found.values()];
}

/** Go names a test's file alone, and its package on the line that ends it: any end of that is a folder here. */
function inPackage(file: string, lines: readonly string[], from: number): readonly string[] {
  if (!file.endsWith('.go') || /[/\\]/.test(file)) return [file];
  const ended = lines.slice(from, from + 500).find((line) => line.startsWith('FAIL\t'));
  const parts = ended?.split('\t')[1]?.split(' ')[0]?.split('/').slice(-10) ?? [];
  return [...parts.map((_, index) => `${parts.slice(index).join('/')}/${file}`), file];
}

function placeOf(file: string, line: string): TestPlace | null {
  const parts = file
    .replaceAll('\\', '/')
    .replace(/^(?:\.\/)+/, '')
    .split('/');
  const inside = parts.every((part) => part !== '' && part !== '..' && part !== '.' && !foreign.has(part));
  return inside && Number(line) > 0 && !/^[A-Za-z]:/.test(file)
    ? { file: parts.join('/'), line: Number(line) }
    : null;
}
