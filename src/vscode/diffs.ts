import * as vscode from 'vscode';
import type { Bead } from '../town/bead.ts';
import type { BeadId, CommitId, RequestId } from '../town/ids.ts';
import type { MergeRequest } from '../town/mergeRequest.ts';
import { pendingOf } from '../town/review.ts';
import { contexts, schemes } from './contract.ts';
import { Disposables, type Owned } from './disposables.ts';
import { type FileAt, fileUriParts } from './documents/fileUri.ts';
import { evidenceUri } from './documents/showBead.ts';
import { type OpenRig, type Subject, rigKey } from './subject.ts';
import { plain } from './text.ts';
import type { Town } from './town.ts';

type Change = Extract<Subject, { kind: 'change' }>;
type Review = Extract<Subject, { kind: 'request' }>;

/** Opens diffs of landings and remembers which one a tab shows, so that it can be approved from there. */
export interface Diffs extends Owned {
  /** False when there is nothing to compare yet. */
  ofRequest(rig: OpenRig, request: MergeRequest): Promise<boolean>;
  /** What an attempt made, before it has a request; false when there is nothing to compare. */
  ofAttempt(rig: OpenRig, attempt: Bead): Promise<boolean>;
  /** False when they are the same. */
  between(rig: OpenRig, title: string, from: CommitId, to: CommitId): Promise<boolean>;
  ofFile(change: Change): Promise<void>;
  /** The landing whose diff is in front. */
  current(): Subject | null;
}

export function createDiffs(town: Town): Diffs {
  const owned = new Disposables();
  const reviews = new Map<string, Review>();

  const current = (): Review | null =>
    reviewIn(reviews, vscode.window.tabGroups.activeTabGroup.activeTab?.label ?? '');
  const follow = (): void => {
    const review = current();
    const request = review === null ? null : requestOf(town, review);
    const values: Readonly<Record<string, boolean>> = {
      [contexts.inReview]: request !== null,
      [contexts.reviewing]: request?.it.stage === 'ready',
      [contexts.reviewDrafts]: request !== null && pendingOf(request.bead).length > 0,
    };
    for (const [key, value] of Object.entries(values))
      void vscode.commands.executeCommand('setContext', key, value);
  };
  owned.add(vscode.window.tabGroups.onDidChangeTabs(follow));
  owned.add(vscode.window.tabGroups.onDidChangeTabGroups(follow));
  owned.add(town.onDidChange(follow));

  const open = async (
    rig: OpenRig,
    title: string,
    [from, to]: readonly [CommitId, CommitId],
    of: MergeRequest | null,
    bead: BeadId | null = of?.bead ?? null,
  ): Promise<boolean> => {
    const paths = await town.changedFiles(rig.control, from, to);
    if (paths.length === 0) return false;
    const request = of?.id ?? null;
    if (request === null) reviews.delete(title);
    else reviews.set(title, { kind: 'request', rig: rigKey(rig), request });
    const resources = paths.map((path) => {
      const { left, right } = uris(rigKey(rig), from, to, path, request);
      return [right, left, right];
    });
    // What proves it comes first, beside what it changes.
    const evidence = bead === null ? null : evidenceUri(rigKey(rig), bead);
    const first = evidence === null ? [] : [[evidence, undefined, evidence]];
    await vscode.commands.executeCommand('vscode.changes', title, [...first, ...resources]);
    follow();
    return true;
  };

  return {
    ofRequest: async (rig, request) => {
      const sides = sidesOf(rig, request);
      if (sides === null) return false;
      const [from, to] = sides;
      const bead = rig.control.state.beads[request.bead];
      const title = `${request.bead} · ${plain(bead?.title ?? '', 60)}`;
      return open(rig, title, [from, to], request);
    },
    ofAttempt: async (rig, { id, title, evidence }) => {
      const { base = null, commit = null } = evidence ?? {};
      if (base === null || commit === null) return false;
      return open(rig, `${id} · ${plain(title, 60)}`, [base, commit], null, id);
    },
    between: (rig, title, from, to) => open(rig, title, [from, to], null),
    ofFile: async ({ rig, from, to, path }) => {
      const { left, right } = uris(rig, from, to, path, null);
      const title = vscode.l10n.t('{file} (changed)', { file: plain(path.slice(path.lastIndexOf('/') + 1)) });
      await vscode.commands.executeCommand('vscode.diff', left, right, title, { preview: true });
    },
    current,
    dispose: () => {
      owned.dispose();
    },
  };
}

/** The editor puts `(3 files)` after a title of several files. */
function reviewIn(reviews: ReadonlyMap<string, Review>, label: string): Review | null {
  const title = [...reviews.keys()].find((one) => label === one || label.startsWith(`${one} (`));
  return title === undefined ? null : (reviews.get(title) ?? null);
}

function requestOf(
  town: Town,
  { rig: key, request }: Review,
): { readonly it: MergeRequest; readonly bead: Pick<Bead, 'threads'> } | null {
  const rig = town.rigs.find((one) => one.kind === 'open' && rigKey(one) === key);
  if (rig?.kind !== 'open') return null;
  const it = rig.control.state.requests[request];
  return it === undefined ? null : { it, bead: rig.control.state.beads[it.bead] ?? {} };
}

/** What would land, against what it lands on; before it is proven, the branch against its base. */
function sidesOf({ control }: OpenRig, request: MergeRequest): readonly [CommitId, CommitId] | null {
  if (request.candidate !== null) return [request.candidate.onto, request.candidate.commit];
  const base = control.state.beads[request.bead]?.evidence?.base ?? null;
  return base === null ? null : [base, request.head];
}

/** Both sides of a file in a diff of ours. */
export function uris(
  rig: string,
  from: CommitId,
  to: CommitId,
  path: string,
  request: RequestId | null,
): { readonly left: vscode.Uri; readonly right: vscode.Uri } {
  const uri = (at: FileAt): vscode.Uri =>
    vscode.Uri.from({ scheme: schemes.file, ...fileUriParts(path, at) });
  return {
    left: uri({ rig, commit: from, other: to, side: 'base', request }),
    right: uri({ rig, commit: to, other: from, side: 'changed', request }),
  };
}
