/** What `src/` uses of `node:fs/promises`, each call a turn of its own. An import that is missing does not link: add it. */
import path from 'node:path';
import { SystemError } from '../disk.ts';
import { machine } from '../machine.ts';

type Data = string | Uint8Array;

function short(place: string): string {
  return place.split('/').slice(-2).join('/');
}

function bytesOf(data: Data): Buffer {
  return Buffer.from(data as string);
}

export async function readFile(
  file: string,
  encoding?: 'utf8' | { readonly encoding: 'utf8' },
): Promise<Data> {
  const bytes = await machine().reading(`read ${short(file)}`, () => machine().disk.read(file));
  return encoding === undefined ? Buffer.from(bytes) : bytes.toString('utf8');
}

export function readdir(folder: string): Promise<readonly string[]> {
  return machine().reading(`list ${short(folder)}`, () => machine().disk.list(folder));
}

export function realpath(place: string): Promise<string> {
  return machine().reading(`real path of ${short(place)}`, () => {
    machine().disk.at(place);
    return place;
  });
}

export function readlink(place: string): Promise<string> {
  if (place.startsWith('/proc/')) return Promise.resolve('pid:[1]');
  return Promise.reject(new SystemError('EINVAL', place));
}

export function mkdir(folder: string, options?: { readonly recursive?: boolean }): Promise<void> {
  return machine().writing(`make folder ${short(folder)}`, () => {
    if (options?.recursive !== true && machine().disk.stands(folder)) throw new SystemError('EEXIST', folder);
    machine().disk.makeFolder(folder);
  });
}

export function writeFile(file: string, data: Data, options?: { readonly flag?: string }): Promise<void> {
  return machine().writing(`write ${short(file)}`, () => {
    const { disk } = machine();
    if (options?.flag !== 'wx' && disk.stands(file)) disk.file(file).live = bytesOf(data);
    else disk.create(file, bytesOf(data));
  });
}

export function rename(from: string, to: string): Promise<void> {
  return machine().writing(`rename ${short(from)} to ${path.posix.basename(to)}`, () => {
    machine().disk.rename(from, to);
  });
}

export function link(from: string, to: string): Promise<void> {
  return machine().writing(`link ${short(from)} as ${path.posix.basename(to)}`, () => {
    machine().disk.link(from, to);
  });
}

export function unlink(file: string): Promise<void> {
  return machine().writing(`unlink ${short(file)}`, () => {
    machine().disk.unlink(file);
  });
}

export function rm(place: string, options?: { readonly force?: boolean }): Promise<void> {
  return machine().writing(`remove ${short(place)}`, () => {
    if (options?.force === true && !machine().disk.stands(place)) return;
    machine().disk.unlink(place);
  });
}

export function rmdir(folder: string): Promise<void> {
  return machine().writing(`remove folder ${short(folder)}`, () => {
    if (machine().disk.list(folder).length > 0) throw new SystemError('ENOTEMPTY', folder);
    machine().disk.unlink(folder);
  });
}

export function truncate(file: string, bytes: number): Promise<void> {
  return machine().writing(`truncate ${short(file)} to ${String(bytes)}`, () => {
    machine().disk.truncate(file, bytes);
  });
}

export async function stat(
  place: string,
): Promise<{ readonly size: number; isDirectory(): boolean; isFile(): boolean }> {
  const node = await machine().reading(`stat ${short(place)}`, () => machine().disk.at(place));
  return {
    size: node.kind === 'file' ? node.live.length : 0,
    isDirectory: () => node.kind === 'folder',
    isFile: () => node.kind === 'file',
  };
}
export const lstat = stat;

export async function access(place: string): Promise<void> {
  await stat(place);
}

export interface FileHandle {
  sync(): Promise<void>;
  datasync(): Promise<void>;
  stat(): Promise<{ readonly size: number }>;
  read(
    into: Uint8Array,
    offset: number,
    length: number,
    from: number,
  ): Promise<{ readonly bytesRead: number }>;
  writeFile(data: Data): Promise<void>;
  close(): Promise<void>;
}

/** Opening is no turn of its own: what is done with the handle is. */
export async function open(file: string, flags = 'r'): Promise<FileHandle> {
  const { disk } = machine();
  if (flags === 'wx') await writeFile(file, '', { flag: 'wx' });
  const node = disk.at(file);
  const live = (): Buffer => (node.kind === 'file' ? node.live : Buffer.alloc(0));
  const sync = (): Promise<void> =>
    machine().writing(`sync ${short(file)}`, () => {
      if (node.kind === 'file') node.durable = node.live;
      else {
        node.durable = new Map(node.live);
        node.changes = [];
      }
    });
  return {
    sync,
    datasync: sync,
    stat: () => Promise.resolve({ size: live().length }),
    read: (into, offset, length, from) => {
      const bytes = live().subarray(from, from + length);
      into.set(bytes, offset);
      return Promise.resolve({ bytesRead: bytes.length });
    },
    writeFile: (data) =>
      machine().writing(`write ${short(file)}`, () => {
        if (node.kind === 'file') node.live = bytesOf(data);
      }),
    close: () => Promise.resolve(),
  };
}
