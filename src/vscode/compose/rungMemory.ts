import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type * as vscode from 'vscode';
import type { Rung } from '../../cli/rung.ts';
import { chooseRung, rungsHere } from '../../cli/rungs.ts';

const memoryKey = 'rigs.rung';

interface Remembered {
  /** What was there to choose from. */
  readonly among: string;
  readonly tool: string;
  readonly flags: string;
}

interface World {
  readonly rungs: () => Promise<readonly Rung[]>;
  readonly choose: (script: string) => Promise<Rung>;
}

const thisMachine: World = { rungs: () => rungsHere(), choose: chooseRung };

/**
 * The program that carries the calls of `rigs`, tried out once for the programs and the script (the text of `rigs.sh`)
 * there are. That none of them served is not remembered: the machine may only have been busy.
 */
export async function rememberedRung(
  memory: Pick<vscode.Memento, 'get' | 'update'>,
  script: string,
  { rungs, choose }: World = thisMachine,
): Promise<Rung> {
  const here = await rungs();
  const among = await worldOf(here, script);
  const known = memory.get<Remembered>(memoryKey);
  const found = here.find(({ tool, flags }) => tool === known?.tool && flags === known.flags);
  if (known?.among === among && found !== undefined) return found;
  const { name, tool, flags } = await choose(script);
  if (tool !== '') await memory.update(memoryKey, { among, tool, flags } satisfies Remembered);
  return { name, tool, flags };
}

async function worldOf(rungs: readonly Rung[], script: string): Promise<string> {
  const tools = await Promise.all(
    rungs.map(async ({ tool, flags }) => [tool, flags, (await stat(tool)).mtimeMs]),
  );
  return createHash('sha256')
    .update(JSON.stringify([script, tools]))
    .digest('hex');
}
