import type * as vscode from 'vscode';
import type { BeadId } from '../../town/ids.ts';
import { type Subject, parseSubject } from '../subject.ts';

export type BeadSubject = Extract<Subject, { kind: 'bead' }>;

/** `rigs-bead:/gt-abc12.md?{"kind":"bead",…}`: the tab shows the id, the query says which rig. */
export function beadUriParts(rig: string, bead: BeadId): { readonly path: string; readonly query: string } {
  return { path: `/${bead}.md`, query: JSON.stringify({ kind: 'bead', rig, bead }) };
}

/** The same of what proves it. */
export function evidenceUriParts(
  rig: string,
  bead: BeadId,
): { readonly path: string; readonly query: string } {
  return { ...beadUriParts(rig, bead), path: `/evidence-${bead}.md` };
}

/** Null for an address that no command of ours made. */
export function beadOfUri({ query }: Pick<vscode.Uri, 'query'>): BeadSubject | null {
  const subject = parseJsonSubject(query);
  return subject?.kind === 'bead' ? subject : null;
}

export function parseJsonSubject(text: string): Subject | null {
  try {
    return parseSubject(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
