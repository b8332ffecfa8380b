import path from 'node:path';
import * as v from 'valibot';
import { readIfThere } from '../../system/readIfThere.ts';

/** What `rehearsal.json` in the rehearsal's home says about the server that runs, or ran, for it. */
const addressFile = v.object({
  address: v.pipe(v.string(), v.regex(/^http:\/\/127\.0\.0\.1:\d+$/)),
  pid: v.pipe(v.number(), v.integer()),
  startedAt: v.number(),
});
export type RehearsalAddress = v.InferOutput<typeof addressFile>;

const health = v.object({ pid: v.number(), playbook: v.string() });
const healthPatienceMs = 2_000;

export function addressFileIn(home: string): string {
  return path.join(home, 'rehearsal.json');
}

/** The address that was written last, whether or not anybody still answers there; null when there is none. */
export async function writtenAddress(home: string): Promise<RehearsalAddress | null> {
  const text = await readIfThere(addressFileIn(home));
  return text === null ? null : readAddress(text);
}

/** Null when the text is no address, for instance from an older version. */
export function readAddress(text: string): RehearsalAddress | null {
  try {
    const result = v.safeParse(addressFile, JSON.parse(text));
    return result.success ? result.output : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Whether that very process answers there and plays that playbook. Another program may have got the port since. */
export async function isLive({ address, pid }: RehearsalAddress, playbook: string): Promise<boolean> {
  try {
    const response = await fetch(`${address}/health`, { signal: AbortSignal.timeout(healthPatienceMs) });
    const said = v.safeParse(health, await response.json());
    return said.success && said.output.pid === pid && said.output.playbook === playbook;
  } catch {
    // No answer, or one that is not ours: nobody lives there.
    return false;
  }
}

/** The address a live server of this playbook wrote, else null. */
export async function liveAddress(home: string, playbook: string): Promise<RehearsalAddress | null> {
  const written = await writtenAddress(home);
  return written !== null && (await isLive(written, playbook)) ? written : null;
}
