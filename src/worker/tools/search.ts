import { readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { Script, createContext } from 'node:vm';
import { codeOf } from '../../system/errorCode.ts';
import { confine } from './confine.ts';
import { type ToolResult, counted } from './result.ts';
import { isGitName } from './segments.ts';
import { decode } from './textFile.ts';
import { ToolError } from './toolError.ts';

const limits = { totalMs: 10_000, fileMs: 1_000, hits: 200, lineCharacters: 300, fileBytes: 1024 * 1024 };

interface Hit {
  readonly line: number;
  readonly text: string;
}

/** Lines that hold a text, or match a regular expression, in a file or everything below a folder. */
export async function search(
  worktree: string,
  input: {
    readonly pattern: string;
    readonly path?: string | undefined;
    readonly regex?: boolean | undefined;
  },
  signal: AbortSignal,
): Promise<ToolResult> {
  if (input.pattern === '') throw new ToolError('"pattern" is empty.');
  const place = await confine(worktree, input.path ?? '.');
  if (place.kind === 'none') throw new ToolError(`${place.shown}: there is no such file or folder.`);
  const find = input.regex === true ? byRegex(input.pattern) : byText(input.pattern);
  const deadline = performance.now() + limits.totalMs;
  const lines: string[] = [];
  let unreadable = 0;
  let cut = '';
  for await (const file of place.kind === 'file' ? [place.path] : filesBelow(place.path)) {
    signal.throwIfAborted();
    if (lines.length >= limits.hits) cut = `[only the first ${String(limits.hits)} are shown]`;
    else if (performance.now() > deadline) cut = '[stopped after 10 s; search a smaller folder]';
    if (cut !== '') break;
    const text = await textOf(file);
    if (text === 'unreadable') unreadable += 1;
    if (typeof text === 'string' || text === null) continue;
    const shown = path.posix.join(place.shown, path.relative(place.path, file).replaceAll(path.sep, '/'));
    lines.push(
      ...find(text.text, limits.hits - lines.length).map(
        (hit) => `${shown}:${String(hit.line)}: ${hit.text}`,
      ),
    );
  }
  const notes = [cut, unreadable === 0 ? '' : `[${counted(unreadable, 'file', 'files')} could not be read]`];
  const text = lines.length === 0 ? ['Nothing found.'] : lines;
  return {
    text: [...text, ...notes.filter((note) => note !== '')].join('\n'),
    shown: [counted(lines.length, 'line', 'lines')],
  };
}

/** Everything but links, git's own folder and installed packages; names in order. */
async function* filesBelow(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (isGitName(entry.name) || entry.name === 'node_modules') continue;
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(file);
    else if (entry.isFile()) yield file;
  }
}

/** Null: nothing to search in (not text, too large, or gone meanwhile). */
async function textOf(file: string): Promise<{ readonly text: string } | 'unreadable' | null> {
  try {
    if ((await stat(file)).size > limits.fileBytes) return null;
    const text = decode(await readFile(file));
    return text === null ? null : { text };
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? null : 'unreadable';
  }
}

type Find = (text: string, most: number) => readonly Hit[];

function byText(pattern: string): Find {
  return (text, most) => {
    if (!text.includes(pattern)) return [];
    return text
      .split('\n')
      .flatMap((line, index) => (line.includes(pattern) ? [hit(index + 1, line)] : []))
      .slice(0, most);
  };
}

/**
 * In a context of its own, because that is what has a time limit: some expressions take for ever on some lines, and
 * nothing else interrupts one.
 */
function byRegex(pattern: string): Find {
  const given: { pattern: string; text: string } = { pattern, text: '' };
  const context = createContext(given, { codeGeneration: { strings: false, wasm: false } });
  run(
    'expression = new RegExp(pattern)',
    context,
    (error) => `"pattern" is no regular expression: ${error.message}`,
  );
  return (text, most) => {
    given.text = text;
    const found = run(
      `JSON.stringify(text.split('\\n').flatMap((line, index) => (expression.test(line) ? [[index + 1, line]] : [])))`,
      context,
      (error) => `The search failed: ${error.message}`,
    );
    return (JSON.parse(String(found)) as [number, string][])
      .slice(0, most)
      .map(([line, at]) => hit(line, at));
  };
}

function run(code: string, context: object, words: (error: Error) => string): unknown {
  try {
    return new Script(code).runInContext(context, { timeout: limits.fileMs });
  } catch (error) {
    if (codeOf(error) === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      throw new ToolError('This regular expression takes too long here. Use a simpler one, or a plain text.');
    throw new ToolError(words(error as Error), { cause: error });
  }
}

function hit(line: number, text: string): Hit {
  const cut = text.length > limits.lineCharacters ? `${text.slice(0, limits.lineCharacters)}…` : text;
  return { line, text: cut };
}
