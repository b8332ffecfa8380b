import path from 'node:path';
import * as vscode from 'vscode';
import type { Bead } from '../town/bead.ts';
import type { BeadId, CommitId } from '../town/ids.ts';
import { otherBeads } from '../town/ladder.ts';
import type { Resolving } from '../town/resolving.ts';
import type { RigState } from '../town/state.ts';
import { schemes } from './contract.ts';
import { fileUriParts } from './documents/fileUri.ts';
import { type OpenRig, rigKey } from './subject.ts';
import { plain } from './text.ts';

/** What the editor's own git extension hands to its merge editor; no API names it. */
export const mergeEditor = '_open.mergeEditor';

/** One side of it: the line above the text, and what stands beside. */
interface Side {
  readonly uri: vscode.Uri;
  readonly title: string;
  readonly description: string;
  readonly detail: string;
}

export interface MergeEditorInput {
  readonly base: vscode.Uri;
  /** What comes in, as git's own extension has it on the left. */
  readonly input1: Side;
  readonly input2: Side;
  readonly output: vscode.Uri;
}

/** More editors at once than anybody looks at; the rest is opened once these are done. */
const mostEditors = 8;

/** Opens the conflicting files with what each side is for beside it; where there is no merge editor, with their markers. */
export async function openMergeEditors(rig: OpenRig, bead: Bead, resolving: Resolving): Promise<void> {
  const known = await vscode.commands.getCommands(false);
  for (const input of mergeInputs(rig, bead, resolving)) {
    if (known.includes(mergeEditor)) await vscode.commands.executeCommand(mergeEditor, input);
    else await vscode.window.showTextDocument(input.output, { preview: false });
  }
}

/** What each editor is opened with. */
export function mergeInputs(
  rig: OpenRig,
  bead: Bead,
  { merge, request, marked }: Resolving,
): readonly MergeEditorInput[] {
  const { state } = rig.control;
  const worktree = bead.polecat === null ? null : (state.polecats[bead.polecat]?.worktree ?? null);
  if (merge === null || worktree === null) return [];
  const { head, onto, files } = merge;
  const left = marked.length > 0 ? marked : files;
  const own = intentOf([bead]);
  const others = landedMeanwhile(state, request);
  const target = plain(state.rig?.target ?? '', 60);
  return left.slice(0, mostEditors).map((file) => {
    const at = (commit: CommitId, other: CommitId): vscode.Uri =>
      vscode.Uri.from({
        scheme: schemes.file,
        ...fileUriParts(file, { rig: rigKey(rig), commit, other, side: 'base', request: null }),
      });
    const theirs = { title: others.title ?? target, description: `${target} ${onto.slice(0, 8)}` };
    const ours = { title: plain(bead.title, 80), description: `${bead.id} ${head.slice(0, 8)}` };
    return {
      base: at(merge.base ?? onto, head),
      input1: { uri: at(onto, head), ...theirs, detail: others.detail },
      input2: { uri: at(head, onto), ...ours, detail: own },
      output: vscode.Uri.file(path.join(worktree, file)),
    };
  });
}

function landedMeanwhile(
  state: RigState,
  request: Resolving['request'],
): { readonly title: string | null; readonly detail: string } {
  const others = otherBeads(state.requests[request]?.reason ?? null).flatMap(
    (id) => state.beads[id as BeadId] ?? [],
  );
  const title = others.length === 0 ? null : others.map((one) => plain(one.title, 60)).join(' · ');
  return { title, detail: intentOf(others) };
}

/** What is wanted of it: by that a person decides what to keep. */
function intentOf(beads: readonly Pick<Bead, 'title' | 'criteria'>[]): string {
  return beads
    .flatMap(({ title, criteria }) => (criteria.length === 0 ? [title] : criteria))
    .map((one) => plain(one, 200))
    .join(' · ');
}
