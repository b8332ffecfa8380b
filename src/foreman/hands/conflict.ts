import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { MergeResult } from '../../ports/git.ts';
import type { MergeRequest } from '../../town/mergeRequest.ts';
import { type Reason, reason } from '../../town/reason.ts';
import { type OtherSide, conflictText } from '../../words/conflict.ts';
import type { HandContext } from './context.ts';

export type Conflict = Extract<MergeResult, { readonly ok: false }>;

/** More would bury the one that matters. */
const mostOthers = 3;
const diffBytes = 64 * 1024;
const mostOfDiff = 12_000;

/**
 * What a request that cannot be merged with the target goes back with: what each side is for is in its output, and whose
 * work is on the other side in its facts.
 */
export async function conflictReason(
  context: HandContext,
  request: MergeRequest,
  target: string,
  conflict: Conflict,
): Promise<Reason> {
  const outputs = context.places.landingOutputs(request.id, context.clock.now());
  const output = path.join(outputs, 'conflict.diff');
  const bead = context.state().beads[request.bead] ?? {
    id: request.bead,
    title: request.branch,
    criteria: [],
  };
  const others = await otherSides(context, request, conflict.files);
  await mkdir(outputs, { recursive: true });
  await writeFile(output, conflictText(bead, { target, ...conflict }, others));
  const beads = others.map(({ bead: { id } }) => id);
  return reason('landing_conflict', { files: conflict.files, target, output, others: beads });
}

/** Landed since the work was begun and touched the same files, the newest first. */
export async function otherSides(
  context: HandContext,
  { bead: own }: MergeRequest,
  files: readonly string[],
): Promise<readonly OtherSide[]> {
  const { git, repository } = context;
  const { beads, requests } = context.state();
  const base = beads[own]?.evidence?.base ?? null;
  const landed = Object.values(requests)
    .filter((one) => one.stage === 'landed' && one.bead !== own)
    .toSorted((a, b) => b.changedAt - a.changedAt);
  const found: OtherSide[] = [];
  for (const { bead: id, landed: commit, candidate } of landed) {
    const bead = beads[id];
    const touches = bead?.evidence?.files.some((file) => files.includes(file)) === true;
    if (bead === undefined || commit === null || candidate === null || !touches) continue;
    if (base !== null && (await git.isAncestor(repository, commit, base))) break;
    const diff = await git.diff(repository, candidate.onto, commit, diffBytes);
    found.push({ bead, diff: ofFiles(diff, files) });
    if (found.length === mostOthers) break;
  }
  return found;
}

/** Of a diff as git prints it, the parts about some files. */
function ofFiles(diff: string, files: readonly string[]): string {
  const parts = `\n${diff}`.split('\ndiff --git ').slice(1);
  const wanted = parts.filter((part) =>
    files.some((file) => part.slice(0, part.indexOf('\n')).includes(file)),
  );
  return wanted
    .map((part) => `diff --git ${part}`)
    .join('\n')
    .slice(0, mostOfDiff);
}
