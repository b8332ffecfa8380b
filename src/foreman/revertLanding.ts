import type { Entered, WantedRevert } from '../ports/entering.ts';
import type { LandingMessage } from '../ports/git.ts';
import type { CommitId, RequestId } from '../town/ids.ts';
import { type MergeRequest, openStages } from '../town/mergeRequest.ts';
import { type Reason, type ReasonCode, reason } from '../town/reason.ts';
import type { RigState } from '../town/state.ts';
import { type Entrance, enterBranch, refusing } from './enterBranch.ts';

/**
 * Undoes exactly one landing on a branch of its own, which enters the merge queue and is proven as any other. Once it
 * has landed, the bead whose landing it was is queued again. Never throws `GitError`.
 */
export async function revertLanding(entrance: Entrance, wanted: WantedRevert): Promise<Entered> {
  return refusing(async () => {
    const { git, repository, clock, control } = entrance;
    const landing = landingOf(control.state, wanted.landing);
    if ('refusal' in landing) return landing;
    const { request, before, landed, target, title } = landing;
    const tip = await git.tip(repository, target);
    if (tip === null) return refuse('target_missing', { target });
    if (!(await git.isAncestor(repository, landed, tip.commit))) return refuse('revert_unneeded', { target });
    const message = messageOf(request, title, landed);
    const at = clock.now();
    const undone = await git.revertOnto(repository, tip.commit, { before, landed }, message, at);
    if (!undone.ok) return refuse('revert_conflict', { target, files: undone.files });
    if (undone.empty) return refuse('revert_unneeded', { target });
    const branch = await branchFor(entrance, request.id, undone.commit);
    if (branch === null) return refuse('already_exists', { what: 'branch', id: branchName(request.id) });
    const { bead, request: id, landing: reverts, approval } = wanted;
    // What is taken back is broken, and everything that lands meanwhile is on top of it.
    return enterBranch(entrance, {
      ...{ branch, title: message.subject, bead, request: id, priority: 'high', reverts },
      ...(approval === undefined ? {} : { approval }),
    });
  });
}

interface Landing {
  readonly request: MergeRequest;
  readonly before: CommitId;
  readonly landed: CommitId;
  readonly target: string;
  readonly title: string;
}

type Refused = Extract<Entered, { readonly ok: false }>;

function landingOf(state: RigState, id: RequestId): Landing | Refused {
  const request = state.requests[id];
  const target = state.rig?.target ?? null;
  if (request === undefined || target === null) return refuse('no_such', { what: 'merge request', id });
  const { landed, candidate, stage, bead } = request;
  if (stage !== 'landed' || landed === null || candidate === null)
    return refuse('not_landed', { request: id, stage });
  const open = Object.values(state.requests).find(
    (one) => one.reverts === id && (openStages.includes(one.stage) || one.stage === 'landed'),
  );
  if (open !== undefined) return refuse('revert_in_queue', { request: open.id });
  return { request, before: candidate.onto, landed, target, title: state.beads[bead]?.title ?? bead };
}

function refuse(code: ReasonCode, facts: Reason['facts']): Refused {
  return { ok: false, refusal: reason(code, facts) };
}

/** In the words git itself has for it. */
function messageOf({ id, bead }: MergeRequest, title: string, landed: CommitId): LandingMessage {
  return {
    subject: `Revert "${title}"`,
    body: `This takes back the landing ${landed}.`,
    trailers: [
      ['Reverts', id],
      ['Reverts-Bead', bead],
    ],
  };
}

function branchName(request: RequestId): string {
  return `rigs/revert-${request}`;
}

/** An earlier attempt that did not land keeps its branch. */
const mostAttempts = 20;

async function branchFor(
  { git, repository }: Entrance,
  request: RequestId,
  commit: CommitId,
): Promise<string | null> {
  for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
    const branch = branchName(request) + (attempt === 1 ? '' : `-${String(attempt)}`);
    if (await git.makeBranch(repository, branch, commit)) return branch;
  }
  return null;
}
