/** A diff as an inspector gets to see it. */
export interface ShownDiff {
  readonly text: string;
  /** What it does not see, for it and for people. */
  readonly cut: readonly CutFile[];
}

export interface CutFile {
  readonly file: string;
  /** Lines of the file's diff that are not shown; null: nothing of it is, and nobody counted. */
  readonly lines: number | null;
}

interface Part {
  readonly file: string;
  readonly text: string;
}

/** Written by programs and long; what a person decides about stands elsewhere. */
const written =
  /(^|\/)(package-lock\.json|yarn\.lock|pnpm-lock\.yaml|Cargo\.lock|poetry\.lock|uv\.lock|go\.sum|Gemfile\.lock|composer\.lock)$|\.min\.(js|css)$|\.map$/;
const maxWritten = 600;

/** `files`: all that changed; a diff that was cut before it came here may lack some. */
export function cutDiff(diff: string, files: readonly string[], maxCharacters: number): ShownDiff {
  const parts = partsOf(diff);
  const shares = sharesOf(parts, maxCharacters);
  const shown = parts.map((part) => shorten(part, shares.get(part) ?? 0));
  const missing = files.filter((file) => !parts.some((part) => part.file === file));
  return {
    text: shown.map((one) => one.text).join(''),
    cut: [
      ...shown.flatMap(({ file, lines }) => (lines === 0 ? [] : [{ file, lines }])),
      ...missing.map((file) => ({ file, lines: null })),
    ],
  };
}

/** Only git writes a line that begins so: a file's own lines begin with a sign or a blank. */
function partsOf(diff: string): readonly Part[] {
  return diff
    .split(/^(?=diff --git )/m)
    .filter((text) => text.startsWith('diff --git '))
    .map((text) => ({ file: fileOf(text), text }));
}

function fileOf(part: string): string {
  const head = part.slice(0, /^@@ /m.exec(part)?.index ?? part.length);
  const [, after] = /^\+\+\+ b\/(.*)$/m.exec(head) ?? /^rename to (.*)$/m.exec(head) ?? [];
  const [, before] = /^--- a\/(.*)$/m.exec(head) ?? [];
  // A changed mode, an empty or a binary file has neither; then both halves of the first line are the same path.
  const [, both] = /^diff --git a\/(.*) b\/\1$/m.exec(head) ?? [];
  return (after ?? before ?? both ?? head.split('\n')[0] ?? '').replace(/\t$/, '');
}

/** Small files whole, the rest in equal shares of what is left. */
function sharesOf(parts: readonly Part[], max: number): ReadonlyMap<Part, number> {
  const wanted = parts.map((part) => ({
    part,
    size: written.test(part.file) ? Math.min(part.text.length, maxWritten) : part.text.length,
  }));
  const shares = new Map<Part, number>();
  let left = max;
  wanted
    .sort((a, b) => a.size - b.size)
    .forEach(({ part, size }, index) => {
      const share = Math.min(size, Math.floor(left / (wanted.length - index)));
      shares.set(part, share);
      left -= share;
    });
  return shares;
}

/** Less of a file than this shows nothing but its header. */
const least = 300;

function shorten({ file, text }: Part, share: number): Part & { readonly lines: number } {
  if (text.length <= share) return { file, text, lines: 0 };
  const kept = share < least ? '' : text.slice(0, text.lastIndexOf('\n', share - 1) + 1);
  const lines = text.slice(kept.length).split('\n').length - (text.endsWith('\n') ? 1 : 0);
  const told = kept === '' ? '' : `${kept}[${String(lines)} more lines of this file are not shown]\n`;
  return { file, text: told, lines };
}
