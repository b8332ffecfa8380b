import * as vscode from 'vscode';
import type { Bead } from '../../town/bead.ts';
import type { CommitId, RequestId } from '../../town/ids.ts';
import { schemes } from '../contract.ts';
import { type FileAt, fileOfUri } from '../documents/fileUri.ts';
import { openRigs } from '../targets.ts';
import type { OpenRig } from '../subject.ts';
import { rigKey } from '../subject.ts';
import type { Town } from '../town.ts';

/** A request's diff that is open somewhere in this window. */
export interface ShownReview {
  readonly key: string;
  readonly rig: OpenRig;
  readonly bead: Bead;
  readonly request: RequestId;
  readonly commits: readonly [base: CommitId, changed: CommitId];
}

/** A document of a request's diff; null for any other. */
export function reviewedFile({ scheme, query }: Pick<vscode.Uri, 'scheme' | 'query'>): FileAt | null {
  const file = scheme === schemes.file ? fileOfUri({ query }) : null;
  return file?.request == null ? null : file;
}

/** The rig and bead whose work a document shows; null when its rig is not open here, or does not know it any more. */
export function reviewOf(town: Town, uri: Pick<vscode.Uri, 'scheme' | 'query'>): ShownReview | null {
  const file = reviewedFile(uri);
  const rig = openRigs({ town }).find((one) => rigKey(one) === file?.rig);
  if (file?.request == null || rig === undefined) return null;
  const { requests, beads } = rig.control.state;
  const bead = beads[requests[file.request]?.bead ?? ('' as Bead['id'])];
  if (bead === undefined) return null;
  const { commit, other, side, request } = file;
  const commits = side === 'base' ? ([commit, other] as const) : ([other, commit] as const);
  return { key: [file.rig, request, ...commits].join(' '), rig, bead, request, commits };
}

/** The editor opens the documents of a diff as they come into view; one of them stands for all. */
export function shownReviews(town: Town): readonly ShownReview[] {
  const found = vscode.workspace.textDocuments
    .filter((one) => !one.isClosed)
    .flatMap(({ uri }) => reviewOf(town, uri) ?? []);
  return [...new Map(found.map((one) => [one.key, one])).values()];
}
