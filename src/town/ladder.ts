import type { BeadId, Instant, RequestId } from './ids.ts';
import type { MergeRequest, Requests } from './mergeRequest.ts';
import type { Reason } from './reason.ts';
import type { Helper, Rung } from './settled.ts';

/** What of a bead conflicted with the target before, the newest last. */
export function conflictsOf(
  requests: Requests,
  { id, bead }: Pick<MergeRequest, 'id' | 'bead'>,
): readonly MergeRequest[] {
  return Object.values(requests)
    .filter((one) => one.bead === bead && one.id !== id && one.stage === 'conflict')
    .toSorted((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
}

/** What of a bead conflicted last. */
export function newestConflict(requests: Requests, bead: BeadId): MergeRequest | undefined {
  return conflictsOf(requests, { id: '' as RequestId, bead }).at(-1);
}

/** So often an agent comes back with the very conflict it was sent away with, before another is asked. */
const mostUnresolved = 2;

/** Who is to settle a conflict that went back to its bead: once, after its agent could not, one of another vendor. */
export function helperFor(requests: Requests, request: MergeRequest, why: Reason): 'agent' | 'vendor' {
  const before = conflictsOf(requests, request);
  const files = filesOf(why);
  const same = before.filter((one) => filesOf(one.reason).some((file) => files.includes(file)));
  const asked = before.some(({ handed }) => handed === 'vendor');
  return same.length >= mostUnresolved && !asked ? 'vendor' : 'agent';
}

export function filesOf(why: Reason | null): readonly string[] {
  const files = why?.facts['files'];
  return Array.isArray(files) ? (files as readonly string[]) : [];
}

/** Whose landed work a conflict is with, as its reason names them. */
export function otherBeads(why: Reason | null): readonly string[] {
  const others = why?.facts['others'];
  return Array.isArray(others) ? (others as readonly string[]) : [];
}

/** One step of what became of a bead's conflicts. */
export type LadderStep = { readonly request: MergeRequest['id']; readonly at: Instant } & (
  | { readonly kind: 'handed'; readonly to: Helper; readonly files: readonly string[] }
  | { readonly kind: 'settled'; readonly by: readonly Rung[]; readonly files: readonly string[] }
);

/** All that was tried for the conflicts of a request and those of its bead before it, the oldest first. */
export function ladderOf(requests: Requests, request: MergeRequest): readonly LadderStep[] {
  const before = conflictsOf(requests, request).filter((one) => one.createdAt <= request.createdAt);
  return [...before, request].flatMap(({ id, changedAt: at, handed, reason, settled }) => [
    ...(settled === undefined
      ? []
      : [{ kind: 'settled', request: id, at, by: settled.by, files: settled.files } as const]),
    ...(handed === undefined
      ? []
      : [{ kind: 'handed', request: id, at, to: handed, files: filesOf(reason) } as const]),
  ]);
}
