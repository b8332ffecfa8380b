/** File name → content. */
export type Files = ReadonlyMap<string, string>;

export interface Merged {
  readonly files: Map<string, string>;
  readonly conflicts: readonly string[];
}

const ids = new Map<string, string>();

/** A name for exactly this content. */
export function treeId(files: Files): string {
  const text = [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map((entry) => entry.join('\0'))
    .join('\n');
  const known = ids.get(text);
  if (known !== undefined) return known;
  if (ids.size > 10_000) ids.clear();
  let hash = 0xcbf29ce484222325n;
  for (let at = 0; at < text.length; at += 1) {
    hash = ((hash ^ BigInt(text.charCodeAt(at))) * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  const id = hash.toString(16).padStart(40, '0');
  ids.set(text, id);
  return id;
}

export function sameFiles(a: Files, b: Files): boolean {
  if (a.size !== b.size) return false;
  for (const [name, content] of a) if (b.get(name) !== content) return false;
  return true;
}

/** Names whose content differs. */
export function applyChange(before: Files, after: Files): readonly string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name)).sort();
}

/** Three-way, a file at a time; where both sides differ it holds both, between markers. */
export function merge(base: Files, ours: Files, theirs: Files): Merged {
  const files = new Map(ours);
  const conflicts: string[] = [];
  for (const name of applyChange(base, theirs)) {
    const mine = ours.get(name);
    const other = theirs.get(name);
    if (mine === other) continue;
    if (mine === base.get(name)) {
      if (other === undefined) files.delete(name);
      else files.set(name, other);
    } else {
      conflicts.push(name);
      files.set(name, `<<<<<<< ours\n${mine ?? ''}\n=======\n${other ?? ''}\n>>>>>>> theirs`);
    }
  }
  return { files, conflicts };
}

/**
 * What checks say about a tree: red with a bug in it, with markers left in it, or when one file speaks of the old way
 * while another speaks of the new one, each green alone.
 */
export function isGreen(files: Files): boolean {
  const text = [...files.values()].join('\n');
  if (text.includes('bug') || text.includes('<<<<<<<')) return false;
  return !(text.includes('old way') && text.includes('new way'));
}
