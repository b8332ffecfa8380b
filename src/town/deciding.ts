import { decidingFamilies, decidingFolders, decidingNames } from './decidingNames.ts';
import { type TestLanguage, testFolder, testLanguages } from './testMarks.ts';

/**
 * Of these changed files those that decide what a check proves: scripts, lock files, configuration of tests, linters
 * and compilers, toolchains, CI. By name alone, so rather one too many: a person looks at it.
 */
export function decidingFiles(files: readonly string[]): readonly string[] {
  return files.filter((file) => {
    const path = file.toLowerCase();
    const name = path.slice(path.lastIndexOf('/') + 1);
    return (
      decidingNames.has(name) ||
      decidingFamilies.some((family) => family.test(name)) ||
      decidingFolders.some((folder) => folder.test(path))
    );
  });
}

export interface WeakenedTest {
  readonly file: string;
  /** deleted: a file of tests is gone, or tests in it are · skipped: they stay, but no longer all run or count. */
  readonly what: 'deleted' | 'skipped';
}

/**
 * Where a diff as git prints it takes tests away. A test whose first line stands elsewhere in the diff was moved, one
 * beside which another begins was reworded, and a skipped line with another indentation is no new one.
 */
export function weakenedTests(diff: string): readonly WeakenedTest[] {
  // Not by lines as an expression knows them: a file may hold other line ends, and then a line that looks like a head.
  const changes = `\n${diff}`.split('\ndiff --git ').slice(1).flatMap(changeIn);
  const balance = balances(changes.flatMap((change) => change.blocks));
  return changes.flatMap(({ file, gone, skips, blocks }) => {
    // What is gone and not made up for by what begins in its place.
    const lost = blocks.some((block) => (balance.get(block) ?? 0) > 0);
    return [
      ...(gone || lost ? [{ file, what: 'deleted' as const }] : []),
      ...(skips ? [{ file, what: 'skipped' as const }] : []),
    ];
  });
}

/** First lines of tests that one run of changed lines takes away and brings. */
interface Block {
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

interface Change {
  readonly file: string;
  /** A file of tests that is not there any more, or not by a name that a runner looks for. */
  readonly gone: boolean;
  readonly skips: boolean;
  readonly blocks: readonly Block[];
}

function changeIn(part: string): readonly Change[] {
  const { before, after, unseen, blocks } = read(part);
  const [was, is] = [languageOf(before), after === null ? null : languageOf(after)];
  const language = is ?? was;
  if (language === null) return [];
  const found = blocks.map((block) => ({
    removed: was === null ? [] : marked(block.removed, was.declares),
    added: is === null ? [] : marked(block.added, is.declares),
  }));
  const named = was !== null && isNamedTest(before, was);
  const gone = named && (after === null || !isNamedTest(after, was));
  const skips = is !== null && (unseen || blocks.some((block) => skipsMore(block, is.skips)));
  return [{ file: after ?? before, gone, skips, blocks: found }];
}

function skipsMore({ removed, added }: Block, mark: RegExp): boolean {
  const before = marked(removed, mark);
  return marked(added, mark).some((line) => !before.includes(line));
}

/** Some languages begin every test with the same line: `#[test]`, `@Test`. Of these none is known again elsewhere. */
const nameless = /^[@#[][^"']*$/;

/** How many more tests each block takes away than it brings, those that were moved counted in neither. */
function balances(blocks: readonly Block[]): ReadonlyMap<Block, number> {
  const [removed, added] = [
    tally(blocks.flatMap((block) => block.removed)),
    tally(blocks.flatMap((block) => block.added)),
  ];
  const both = [...removed].map(([line, times]) => [line, Math.min(times, added.get(line) ?? 0)] as const);
  const [left, right] = [new Map(both), new Map(both)];
  const own = (lines: readonly string[], moved: Map<string, number>): number =>
    lines.filter((line) => {
      const times = nameless.test(line) ? 0 : (moved.get(line) ?? 0);
      moved.set(line, times - 1);
      return times <= 0;
    }).length;
  return new Map(blocks.map((block) => [block, own(block.removed, left) - own(block.added, right)]));
}

function tally(lines: readonly string[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const line of lines) times.set(line, (times.get(line) ?? 0) + 1);
  return times;
}

/** The language of a file that may hold tests; null: it is none. */
function languageOf(path: string): TestLanguage | null {
  const low = path.toLowerCase();
  const language = testLanguages.find(({ ending }) => ending.test(low));
  if (language === undefined) return null;
  return language.file === null || language.file.test(low) || testFolder.test(low) ? language : null;
}

/** By its name and folder alone. */
export function mayHoldTests(path: string): boolean {
  return languageOf(path) !== null;
}

function isNamedTest(path: string, { file }: TestLanguage): boolean {
  return file?.test(path.toLowerCase()) === true;
}

/** No test is named on a longer line; what is longer was written by a program. */
const longestLine = 2_000;

function marked(lines: readonly string[], mark: RegExp): readonly string[] {
  return lines.filter((line) => line.length <= longestLine && mark.test(line)).map((line) => line.trim());
}

interface Part {
  readonly before: string;
  /** Null: the file is gone. */
  readonly after: string | null;
  /** Git took it for no text, so nobody can tell what became of its tests. */
  readonly unseen: boolean;
  /** Lines that changed without one between them that did not. */
  readonly blocks: readonly Block[];
}

/** A removed line may look like a head's, so heads end where the first hunk begins. */
function read(part: string): Part {
  const lines = part.split('\n');
  const hunk = lines.findIndex((line) => line.startsWith('@@ '));
  const head = hunk < 0 ? lines : lines.slice(0, hunk);
  const after = (mark: string): string | undefined =>
    head.find((line) => line.startsWith(mark))?.slice(mark.length);
  const both = bothOf(head[0] ?? '');
  const before = after('rename from ') ?? side(after('--- ')) ?? both;
  const now = after('rename to ') ?? side(after('+++ ')) ?? both;
  const gone = head.some((line) => line.startsWith('deleted file mode '));
  return {
    before: unquoted(before),
    after: gone ? null : unquoted(now),
    unseen: head.some((line) => /^(?:Binary files |GIT binary patch)/.test(line)),
    blocks: blocksOf(hunk < 0 ? [] : lines.slice(hunk)),
  };
}

function blocksOf(lines: readonly string[]): readonly Block[] {
  const blocks: { readonly removed: string[]; readonly added: string[] }[] = [];
  let open = false;
  for (const line of lines) {
    const [sign] = line;
    // `\ No newline at end of file` stands between two sides of one change.
    if (sign === '\\') continue;
    const changed = sign === '-' || sign === '+';
    if (changed && !open) blocks.push({ removed: [], added: [] });
    if (changed) blocks.at(-1)?.[sign === '-' ? 'removed' : 'added'].push(line.slice(1));
    open = changed;
  }
  return blocks;
}

/** `a/…` or `b/…`; `/dev/null` is no file. */
function side(path: string | undefined): string | undefined {
  const bare = path?.replace(/\t$/, '');
  if (bare === undefined || bare === '/dev/null') return undefined;
  return bare.startsWith('"') ? `"${bare.slice(3)}` : bare.slice(2);
}

/** A changed mode, an empty or a binary file has no other line with its name, and both halves are the same. */
function bothOf(line: string): string {
  const quoted = /^("a\/.*") "b\/.*"$/.exec(line)?.[1];
  if (quoted !== undefined) return side(quoted) ?? '';
  const rest = line.slice('a/'.length);
  return rest.slice((rest.length + ' b/'.length) / 2);
}

/** Git quotes a path with a quote, a backslash or a control character in it, as C does. */
function unquoted(path: string): string {
  if (!path.startsWith('"') || !path.endsWith('"')) return path;
  return path.slice(1, -1).replaceAll(/\\(?:[0-7]{3}|(.))/g, (_, one: string | undefined) => one ?? '?');
}
