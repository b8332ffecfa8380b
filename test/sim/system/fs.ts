/** What `src/` uses of `node:fs`, on the simulated machine. An import that is missing here does not link: add it. */
import type { FileNode } from '../disk.ts';
import { SystemError } from '../disk.ts';
import { machine } from '../machine.ts';

interface Open {
  readonly node: FileNode;
  readonly path: string;
}
const open = new Map<number, Open>();
let lastFd = 100;

function at(fd: number): Open {
  const found = open.get(fd);
  if (found === undefined) throw new SystemError('EBADF', String(fd));
  return found;
}

export function openSync(path: string, flags: string): number {
  const { disk } = machine();
  const node = machine().immediate(`open ${path}`, flags !== 'r' && !disk.stands(path), () =>
    flags === 'r' || flags === 'r+' || disk.stands(path)
      ? disk.file(path)
      : disk.create(path, Buffer.alloc(0)),
  );
  lastFd += 1;
  open.set(lastFd, { node, path });
  return lastFd;
}

export function writeSync(fd: number, data: string | Uint8Array, from = 0): number {
  const bytes = (typeof data === 'string' ? Buffer.from(data) : data).subarray(from);
  machine().append(at(fd).node, bytes, `write ${at(fd).path}`);
  return bytes.length;
}

export function readSync(fd: number, into: Uint8Array, offset: number, length: number, from: number): number {
  const { live } = at(fd).node;
  const bytes = live.subarray(from, from + length);
  into.set(bytes, offset);
  return bytes.length;
}

export function fdatasyncSync(fd: number): void {
  machine().sync(at(fd).node, `sync ${at(fd).path}`);
}
export const fsyncSync = fdatasyncSync;

export function fstatSync(fd: number): { readonly size: number } {
  return { size: at(fd).node.live.length };
}

export function closeSync(fd: number): void {
  open.delete(fd);
}

export function renameSync(from: string, to: string): void {
  machine().immediate(`rename ${from} ${to}`, true, () => {
    machine().disk.rename(from, to);
  });
}

export function unlinkSync(path: string): void {
  machine().immediate(`unlink ${path}`, true, () => {
    machine().disk.unlink(path);
  });
}

export function mkdirSync(path: string): void {
  machine().immediate(`make folder ${path}`, true, () => {
    machine().disk.makeFolder(path);
  });
}

export function existsSync(path: string): boolean {
  return machine().disk.stands(path);
}

export function lstatSync(
  path: string,
  options: { readonly throwIfNoEntry?: boolean } = {},
): object | undefined {
  if (machine().disk.stands(path)) return {};
  if (options.throwIfNoEntry === false) return undefined;
  throw new SystemError('ENOENT', path);
}

/** Everything a finished seed left open. */
export function closeAll(): void {
  open.clear();
}
