import { chmod, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { RigsProgram } from '../providers/vendor.ts';
import { writeDurably } from '../system/durableFile.ts';
import { readIfThere } from '../system/readIfThere.ts';
import type { Rung } from './rung.ts';
import { chooseRung } from './rungs.ts';
import {
  type ProgramName,
  type ProgramParts,
  hookProgram,
  shellProgram,
  windowsPrograms,
} from './wrappers.ts';

export interface BinParts {
  /** The program that runs Node's scripts, and the variables that make it do so. */
  readonly execPath: string;
  readonly nodeEnv: Readonly<Record<string, string>>;
  /** Where the bundles lie. */
  readonly distFolder: string;
  /** Instead of the fastest that works here. */
  readonly rung?: Rung;
}

const names: readonly ProgramName[] = ['rigs', 'rgt'];

/**
 * Writes `rigs` and `rgt` for the shells of this system into a folder that stays over updates, for its owner only.
 * May be called by several windows at once. Rejects as the disk does.
 */
export async function installBin(folder: string, parts: BinParts): Promise<RigsProgram> {
  const { execPath, nodeEnv, distFolder } = parts;
  const script = await readFile(path.join(distFolder, 'rigs.sh'), 'utf8');
  const program: ProgramParts = {
    rung: parts.rung ?? (await chooseRung(script)),
    script,
    execPath,
    nodeEnv,
    cli: path.join(distFolder, 'cli.cjs'),
    hook: path.join(distFolder, 'hook.cjs'),
  };
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  for (const name of names) await write(folder, programsOf(name, program));
  return rigsProgramAt(folder, parts);
}

/** How the programs of `installBin` are called once they are there. */
export function rigsProgramAt(folder: string, { execPath, nodeEnv, distFolder }: BinParts): RigsProgram {
  return {
    bin: folder,
    ...hookProgram(folder, { execPath, nodeEnv, hook: path.join(distFolder, 'hook.cjs') }),
    mcp: { file: execPath, args: [path.join(distFolder, 'mcp.cjs')], env: nodeEnv },
  };
}

/** By file name. On Windows the one without an ending is for shells as Git brings one. */
function programsOf(name: ProgramName, parts: ProgramParts): Readonly<Record<string, string>> {
  const windows = process.platform === 'win32' ? windowsPrograms(name, parts) : {};
  return { ...windows, [name]: shellProgram(name, parts) };
}

async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    // What is right already is left alone: another window's agents may be reading it.
    if ((await readIfThere(file)) !== text) await writeDurably(file, text, { mode: 0o700 });
  }
}
