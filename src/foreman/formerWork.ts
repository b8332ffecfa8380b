import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../system/errorCode.ts';
import type { PolecatId, Token } from '../town/ids.ts';
import type { Said } from '../words/handover.ts';
import { readOutput } from './checks/output.ts';
import type { Places } from './places.ts';

/** What the built-in agent's last transcript before a session tells of it. */
export interface FormerWork {
  readonly said: readonly Said[];
  /** Command lines. */
  readonly ran: readonly string[];
}

const tailBytes = 256 * 1024;
const lastSaid = 8;
const lastRan = 30;

/** Null when it had none here. A transcript ends where its agent was killed, so its last line may be torn; what is no happening is passed over. */
export async function formerWork(
  places: Pick<Places, 'transcript'>,
  polecat: PolecatId,
  before: Token,
): Promise<FormerWork | null> {
  const token = await formerToken(places, polecat, before);
  if (token === null) return null;
  const text = await readOutput(places.transcript(polecat, token), tailBytes);
  const said: Said[] = [];
  const ran: string[] = [];
  for (const line of (text ?? '').split('\n')) {
    const { kind, text: words, name, about } = happening(line);
    if (kind === 'text' && typeof words === 'string') said.push({ by: 'agent', text: words });
    else if (kind === 'typed' && typeof words === 'string') said.push({ by: 'person', text: words });
    else if (kind === 'tool' && name === 'run' && typeof about === 'string') ran.push(about);
  }
  return { said: said.slice(-lastSaid), ran: ran.slice(-lastRan) };
}

async function formerToken(
  places: Pick<Places, 'transcript'>,
  polecat: PolecatId,
  before: Token,
): Promise<Token | null> {
  const tokens = (await namesIn(path.dirname(places.transcript(polecat, before))))
    .filter((name) => name.startsWith(`${polecat}.`) && name.endsWith('.jsonl'))
    .map((name) => Number(name.slice(polecat.length + 1, -'.jsonl'.length)))
    .filter((token) => Number.isInteger(token) && token < before);
  return tokens.length === 0 ? null : Math.max(...tokens);
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

function happening(line: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
