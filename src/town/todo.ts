import { type Bead, type BeadSource, isOpen } from './bead.ts';
import type { RigState } from './state.ts';

export const todoTags = ['TODO', 'FIXME', 'HACK'] as const;

/** A note in the code that asks for work. */
export interface Todo {
  /** As written in the settings: `TODO`. */
  readonly tag: string;
  /** What stands after it, without comment signs, cut to a title's length. */
  readonly text: string;
  /** UTF-16 columns of tag and text in the line, the end exclusive. */
  readonly startColumn: number;
  readonly endColumn: number;
}

/** A minified file is one line; nobody writes a note beyond this. */
const maxLine = 2_000;
const maxText = 200;

const scanners = new Map<string, RegExp>();

/** The first note of a line, or null. The tag counts in capitals only and as a word: not `TODOS`, not `to_TODO`. */
export function findTodo(line: string, tags: readonly string[] = todoTags): Todo | null {
  const near = line.slice(0, maxLine);
  const match = scannerOf(tags)?.exec(near);
  const [, tag] = match ?? [];
  if (match === undefined || match === null || tag === undefined) return null;
  const after = match.index + match[0].length;
  const text = withoutClosing(near.slice(after)).slice(0, maxText).trim();
  const textEnd = text === '' ? after : near.indexOf(text, after) + text.length;
  return { tag, text, startColumn: match.index, endColumn: Math.max(match.index + tag.length, textEnd) };
}

/** After the tag may stand an owner in brackets and a colon or dash. */
function scannerOf(tags: readonly string[]): RegExp | null {
  const key = tags.join('\n');
  const words = tags.filter((tag) => /^\w+$/.test(tag));
  if (words.length === 0) return null;
  const scanner =
    scanners.get(key) ??
    new RegExp(`(?<![\\w$])(${words.join('|')})(?![\\w$])(?:\\([^()]{0,60}\\))?[ \\t]*[:–—-]?[ \\t]*`);
  scanners.set(key, scanner);
  return scanner;
}

/** Block comments end on their line in many languages; their end is not part of what is asked. */
function withoutClosing(text: string): string {
  const end = ['*/', '-->', '*)', '#}', '--%>', '"""'].reduce((least, mark) => {
    const at = text.indexOf(mark);
    return at >= 0 && at < least ? at : least;
  }, text.length);
  return text.slice(0, end);
}

type TodoSource = Extract<BeadSource, { kind: 'todo' }>;

type TodoPlace = Pick<TodoSource, 'file' | 'text' | 'line'>;

/** What makes two notes the same: file and wording. The line, which moves with every edit, counts only for one without words. */
export function todoIdentity({ file, text, line }: TodoPlace): string {
  const words = text.normalize('NFC').toLowerCase().replace(/\s+/g, ' ').trim();
  const path = file.replaceAll('\\', '/').replace(/^\.\//, '');
  return words === '' ? `${path}\n\n${String(line)}` : `${path}\n${words}`;
}

export function sameTodo(source: TodoPlace, bead: Pick<Bead, 'source'>): boolean {
  return bead.source.kind === 'todo' && todoIdentity(source) === todoIdentity(bead.source);
}

/** The open bead that the same note was slung as before, oldest first; null when there is none. */
export function findSlungBead(state: Pick<RigState, 'beads'>, source: TodoPlace): Bead | null {
  const wanted = todoIdentity(source);
  const found = Object.values(state.beads)
    .filter(
      (bead) => isOpen(bead.status) && bead.source.kind === 'todo' && todoIdentity(bead.source) === wanted,
    )
    .sort((a, b) => a.createdAt - b.createdAt);
  return found[0] ?? null;
}
