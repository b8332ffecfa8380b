import type * as vscode from 'vscode';
import type { ReviewSide } from '../../town/review.ts';
import { type CommitId, type RequestId, parseCommitId, parseRequestId } from '../../town/ids.ts';
import type { Subject } from '../subject.ts';

/** A file at a commit of a rig, as one side of a diff. */
export interface FileAt {
  readonly rig: string;
  readonly commit: CommitId;
  /** Commit of the other side, to tell a file that is not there from one that is not text. */
  readonly other: CommitId;
  readonly side: ReviewSide;
  /** The merge request whose diff this is part of. */
  readonly request: RequestId | null;
}

/** `rigs-file:/src/a.ts?{…}`: the path keeps its name, so that the editor finds the language. */
export function fileUriParts(path: string, at: FileAt): { readonly path: string; readonly query: string } {
  return { path: `/${path}`, query: JSON.stringify(at) };
}

/** Null for an address that no command of ours made. */
export function fileOfUri({ query }: Pick<vscode.Uri, 'query'>): FileAt | null {
  const found = entriesOf(query);
  const text = (key: string): string => {
    const one = found.get(key);
    return typeof one === 'string' ? one : '';
  };
  const commit = parseCommitId(text('commit'));
  const other = parseCommitId(text('other'));
  const rig = text('rig');
  if (commit === null || other === null || rig === '') return null;
  const side = text('side') === 'base' ? 'base' : 'changed';
  return { rig, commit, other, side, request: parseRequestId(text('request')) };
}

function entriesOf(query: string): ReadonlyMap<string, unknown> {
  try {
    const value: unknown = JSON.parse(query);
    return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
  } catch (error) {
    if (error instanceof SyntaxError) return new Map();
    throw error;
  }
}

export function subjectOfFile(uri: Pick<vscode.Uri, 'query'>): Subject | null {
  const file = fileOfUri(uri);
  if (file?.request == null) return null;
  return { kind: 'request', rig: file.rig, request: file.request };
}
