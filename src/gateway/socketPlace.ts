import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { chmod, lstat, mkdir, readdir } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { codeOf } from '../system/errorCode.ts';
import { realFiles } from '../system/realFiles.ts';
import { unlinkIfThere } from '../system/unlinkIfThere.ts';

/** sockaddr_un(7): 108 bytes on Linux, 104 on macOS, with the zero at the end. */
const longestPath = 103;

/** Folders in which sockets may stand, the best first: the session's own place, else one of the person's in `tmp`. */
export function socketFolders(env: NodeJS.ProcessEnv = process.env): readonly string[] {
  if (process.platform === 'win32') return [];
  const { XDG_RUNTIME_DIR: session = '' } = env;
  const own = `rigs-${String(userInfo().uid)}`;
  const folders = [path.join(tmpdir(), own), path.join('/tmp', own)];
  return [...new Set(path.isAbsolute(session) ? [path.join(session, 'rigs'), ...folders] : folders)];
}

/**
 * Where the door of a state folder may put its socket: a path on which nothing stands, in a folder that only the person
 * can write to, so that whoever answers there is theirs. Null when there is no such folder. Sockets that earlier doors
 * of this rig left behind are removed.
 */
export async function socketPlace(
  folders: readonly string[],
  stateFolder: string,
  epoch: number,
): Promise<string | null> {
  const rig = createHash('sha256').update(stateFolder).digest('hex').slice(0, 16);
  const name = `${rig}-${String(epoch)}.sock`;
  for (const folder of folders) {
    const place = path.join(folder, name);
    // What a shell reads without unquoting must need none.
    if (!/^\/[\w./-]+$/.test(place) || place.length > longestPath) continue;
    if (!(await isPrivate(folder))) continue;
    await removeStale(folder, rig, epoch);
    return place;
  }
  return null;
}

async function isPrivate(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error;
    });
    // In a shared folder, others could put one of theirs in its place, unless it is sticky as /tmp is.
    const around = await lstat(path.dirname(folder));
    if (!around.isDirectory() || (othersWrite(around) && (around.mode & 0o1000) === 0)) return false;
    if (!isOwn(await lstat(folder))) return false;
    await chmod(folder, 0o700);
    return true;
  } catch {
    // Whatever it is, agents go by the other way: slower by some ms.
    return false;
  }
}

/** `lstat`: a link of the same name may lead anywhere. */
function isOwn(found: Stats): boolean {
  return found.isDirectory() && found.uid === userInfo().uid;
}

function othersWrite({ mode }: Stats): boolean {
  return (mode & 0o022) !== 0;
}

async function removeStale(folder: string, rig: string, epoch: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, whose, before] = /^([0-9a-f]{16})-(\d+)\.sock$/.exec(name) ?? [];
    if (whose !== rig || Number(before) > epoch) continue;
    await unlinkIfThere(realFiles, path.join(folder, name));
  }
}
