import { type AST, ParseError, parseTOML } from 'toml-eslint-parser';
import type { Place } from './config.ts';

/** One value and the keys that lead to it; a number is a place in a list of tables. */
export interface TomlEntry {
  readonly path: readonly (string | number)[];
  /** A text, number, truth value or list of these; a date is none of them and is null. */
  readonly value: unknown;
  readonly place: Place;
}

export type TomlProblem =
  | { readonly kind: 'syntax'; readonly message: string; readonly place: Place }
  | { readonly kind: 'deep'; readonly place: Place };

export type Toml =
  | { readonly ok: true; readonly entries: readonly TomlEntry[] }
  | { readonly ok: false; readonly problem: TomlProblem };

const start: Place = { line: 0, column: 0, endLine: 0, endColumn: 1 };

/** Every value of a TOML text with its place, in the order in which they stand. Never throws, whatever the text. */
export function readToml(text: string): Toml {
  try {
    return { ok: true, entries: parseTOML(text).body[0].body.flatMap(entriesOf) };
  } catch (error) {
    if (error instanceof ParseError) return { ok: false, problem: syntax(error) };
    // The parser goes as deep as the text does, and this one is made to exhaust it.
    if (error instanceof RangeError) return { ok: false, problem: { kind: 'deep', place: start } };
    throw error;
  }
}

function syntax({ message, lineNumber, column }: ParseError): TomlProblem {
  const line = lineNumber - 1;
  return { kind: 'syntax', message, place: { line, column, endLine: line, endColumn: column + 1 } };
}

function entriesOf(node: AST.TOMLKeyValue | AST.TOMLTable): readonly TomlEntry[] {
  if (node.type === 'TOMLKeyValue') return entriesIn([], node);
  const entries = node.body.flatMap((one) => entriesIn(node.resolvedKey, one));
  // A table of which nothing is said is there all the same, so that its name can be checked.
  return entries.length > 0 ? entries : [{ path: node.resolvedKey, value: {}, place: placeOf(node.key) }];
}

function entriesIn(above: TomlEntry['path'], { key, value }: AST.TOMLKeyValue): readonly TomlEntry[] {
  const path = [...above, ...key.keys.map((one) => (one.type === 'TOMLBare' ? one.name : one.value))];
  return valuesOf(path, value);
}

function valuesOf(path: TomlEntry['path'], node: AST.TOMLContentNode): readonly TomlEntry[] {
  const place = placeOf(node);
  switch (node.type) {
    case 'TOMLInlineTable':
      return node.body.length === 0
        ? [{ path, value: {}, place }]
        : node.body.flatMap((one) => entriesIn(path, one));
    case 'TOMLArray':
      return node.elements.some(({ type }) => type !== 'TOMLValue')
        ? node.elements.flatMap((one, at) => valuesOf([...path, at], one))
        : [{ path, value: node.elements.map(plainValue), place }];
    case 'TOMLValue':
      return [{ path, value: plainValue(node), place }];
  }
}

function plainValue(node: AST.TOMLContentNode): unknown {
  if (node.type !== 'TOMLValue') return null;
  switch (node.kind) {
    case 'string':
    case 'integer':
    case 'float':
    case 'boolean':
      return node.value;
    default:
      return null;
  }
}

function placeOf({ loc: { start: from, end } }: Pick<AST.TOMLNode, 'loc'>): Place {
  return { line: from.line - 1, column: from.column, endLine: end.line - 1, endColumn: end.column };
}
