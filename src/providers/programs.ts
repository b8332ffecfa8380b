import { findProgram } from '../system/findProgram.ts';
import { judge, versionOf } from './find.ts';
import type { RunnerState } from '../ports/agents.ts';
import type { Vendor, VendorSettings } from './vendor.ts';

export interface FoundProgram {
  readonly file: string;
  readonly version: string | null;
  readonly known: RunnerState['known'];
}

/** Installed programs are looked for at each heartbeat; who installs one waits this long at most. */
const rememberMs = 20_000;

/** Vendors' programs on this machine, as they were found a moment ago. */
export class Programs {
  readonly #found = new Map<string, { readonly at: number; readonly found: Promise<FoundProgram | null> }>();

  find(vendor: Vendor, settings: VendorSettings): Promise<FoundProgram | null> {
    const command = settings.command || vendor.command;
    const key = `${vendor.runner}\n${command}\n${process.env['PATH'] ?? ''}`;
    const known = this.#found.get(key);
    if (known !== undefined && performance.now() - known.at < rememberMs) return known.found;
    const found = look(vendor, command);
    this.#found.set(key, { at: performance.now(), found });
    return found;
  }

  forget(): void {
    this.#found.clear();
  }
}

async function look(vendor: Vendor, command: string): Promise<FoundProgram | null> {
  const file = await findProgram(command, process.env);
  if (file === null) return null;
  const version = await versionOf(file, vendor.versionIn, process.env);
  return { file, version, known: judge(version, vendor.tried) };
}
