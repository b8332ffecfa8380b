import path from 'node:path';
import type { Random } from './random.ts';

/** A file: what programs see of it, and what a power cut leaves. */
export interface FileNode {
  readonly kind: 'file';
  live: Buffer;
  /** As of the last sync; what came later may be lost, wholly or in part. */
  durable: Buffer;
}
interface NameChange {
  readonly name: string;
  readonly node: Node | null;
  /** A rename within the folder: this name goes in the same step. */
  readonly from?: string;
}
export interface FolderNode {
  readonly kind: 'folder';
  readonly live: Map<string, Node>;
  durable: Map<string, Node>;
  /** Changes of names since the folder was synced, in order. */
  changes: NameChange[];
}
export type Node = FileNode | FolderNode;

/** An error as the operating system gives it. */
export class SystemError extends Error {
  readonly code: string;

  constructor(code: string, what: string) {
    super(`${code}: ${what}`);
    this.name = 'SystemError';
    this.code = code;
  }
}

/** Storage hands pages on in any order. */
const pageBytes = 4096;
const nothing = Buffer.alloc(0);

/**
 * A disk with its page cache. A killed program loses nothing it wrote; a power cut may take whatever was not synced:
 * bytes of files and names in folders each on their own. What was synced stays.
 */
export class SimDisk {
  readonly #root: FolderNode = newFolder();

  read(file: string): Buffer {
    return this.file(file).live;
  }

  list(folder: string): readonly string[] {
    return [...this.folder(folder).live.keys()];
  }

  stands(place: string): boolean {
    return this.find(place) !== null;
  }

  makeFolder(folder: string): void {
    let at = this.#root;
    for (const name of partsOf(folder)) {
      const found = at.live.get(name);
      if (found?.kind === 'file') throw new SystemError('ENOTDIR', folder);
      const next = found ?? newFolder();
      if (found === undefined) change(at, { name, node: next });
      at = next;
    }
  }

  create(file: string, data: Uint8Array): FileNode {
    const { folder, name } = this.#parent(file);
    if (folder.live.has(name)) throw new SystemError('EEXIST', file);
    const node: FileNode = { kind: 'file', live: Buffer.from(data), durable: nothing };
    change(folder, { name, node });
    return node;
  }

  append(node: FileNode, data: Uint8Array): void {
    node.live = Buffer.concat([node.live, data]);
  }

  truncate(file: string, bytes: number): void {
    const node = this.file(file);
    node.live = node.live.subarray(0, bytes);
  }

  sync(place: string): void {
    const node = this.at(place);
    if (node.kind === 'file') node.durable = node.live;
    else {
      node.durable = new Map(node.live);
      node.changes = [];
    }
  }

  link(file: string, as: string): void {
    const node = this.file(file);
    const { folder, name } = this.#parent(as);
    if (folder.live.has(name)) throw new SystemError('EEXIST', as);
    change(folder, { name, node });
  }

  rename(from: string, to: string): void {
    const node = this.at(from);
    const old = this.#parent(from);
    const target = this.#parent(to);
    const same = old.folder === target.folder;
    change(target.folder, { name: target.name, node, ...(same ? { from: old.name } : {}) });
    if (!same) change(old.folder, { name: old.name, node: null });
  }

  unlink(file: string): void {
    this.at(file);
    const { folder, name } = this.#parent(file);
    change(folder, { name, node: null });
  }

  /** Only what was synced is sure to be there afterwards. */
  cutPower(random: Random): void {
    const seen = new Set<Node>();
    const visit = (node: Node): void => {
      if (seen.has(node)) return;
      seen.add(node);
      if (node.kind === 'file') settleFile(node, random);
      else {
        settleFolder(node, random);
        for (const inside of node.live.values()) visit(inside);
      }
    };
    visit(this.#root);
  }

  file(file: string): FileNode {
    const node = this.at(file);
    if (node.kind === 'folder') throw new SystemError('EISDIR', file);
    return node;
  }

  folder(folder: string): FolderNode {
    const node = this.at(folder);
    if (node.kind === 'file') throw new SystemError('ENOTDIR', folder);
    return node;
  }

  at(place: string): Node {
    const found = this.find(place);
    if (found === null) throw new SystemError('ENOENT', place);
    return found;
  }

  find(place: string): Node | null {
    let at: Node = this.#root;
    for (const name of partsOf(place)) {
      const next: Node | undefined = at.kind === 'folder' ? at.live.get(name) : undefined;
      if (next === undefined) return null;
      at = next;
    }
    return at;
  }

  #parent(place: string): { readonly folder: FolderNode; readonly name: string } {
    return { folder: this.folder(path.posix.dirname(place)), name: path.posix.basename(place) };
  }
}

function newFolder(): FolderNode {
  return { kind: 'folder', live: new Map(), durable: new Map(), changes: [] };
}

function partsOf(place: string): readonly string[] {
  return place.split('/').filter((part) => part !== '');
}

function change(folder: FolderNode, one: NameChange): void {
  apply(folder.live, one);
  folder.changes.push(one);
}

function apply(names: Map<string, Node>, { name, node, from }: NameChange): void {
  if (from !== undefined) names.delete(from);
  if (node === null) names.delete(name);
  else names.set(name, node);
}

/** Each change of a name is there or not; a journaling file system keeps their order, others do not. */
function settleFolder(folder: FolderNode, random: Random): void {
  const { changes } = folder;
  const names = new Map(folder.durable);
  const prefix = random.chance(70);
  const kept = random.below(changes.length + 1);
  for (const [at, one] of changes.entries()) {
    if (prefix ? at < kept : random.chance(50)) apply(names, one);
  }
  folder.durable = names;
  folder.live.clear();
  for (const [name, node] of names) folder.live.set(name, node);
  folder.changes = [];
}

function settleFile(node: FileNode, random: Random): void {
  const { live, durable } = node;
  if (live !== durable) {
    const grown = live.length >= durable.length && live.subarray(0, durable.length).equals(durable);
    node.live = grown ? torn(live, durable.length, random) : random.pick([live, durable]);
  }
  node.durable = node.live;
}

/** What was appended and not synced: nothing, a part up to any byte, all, or all but a page that never arrived. */
function torn(live: Buffer, synced: number, random: Random): Buffer {
  const left = live.subarray(0, random.pick([synced, live.length, random.between(synced, live.length)]));
  const page = Math.ceil(synced / pageBytes) * pageBytes;
  if (left.length <= page || !random.chance(30)) return left;
  const holed = Buffer.from(left);
  holed.fill(0, synced, page);
  return holed;
}
