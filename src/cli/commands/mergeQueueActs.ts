import { idsOfCall } from '../../gateway/idsOfCall.ts';
import type { WantedBranch } from '../../ports/entering.ts';
import type { MergeRequest } from '../../town/mergeRequest.ts';
import { unapproved } from '../../town/convoyRequests.ts';
import { reason } from '../../town/reason.ts';
import { openPullLines } from '../../words/openPulls.ts';
import { plain } from '../../words/plain.ts';
import { plainEnglish } from '../../words/translate.ts';
import { misused, refused } from '../commandError.ts';
import { findConvoy, findRequest } from '../find.ts';
import { json } from '../print/json.ts';
import { counted, parts } from '../print/lines.ts';
import type { Reach } from '../reach.ts';
import { each, within } from '../values.ts';
import type { Asked, Run } from '../verb.ts';
import { mustBeEntered, wish } from '../wishing.ts';

type Act = (reach: Reach, request: MergeRequest, asked: Asked) => Promise<string>;

/** The same to each that is named. */
const toEach =
  (act: Act): Run =>
  (reach, asked) =>
    each(asked.given.all('request or bead'), async (given) => act(reach, findRequest(reach, given), asked));

const approveEach = toEach((reach, request) => approveOne(reach, request));

export const approveRequests: Run = async (reach, asked, signal) => {
  const convoy = asked.given.maybe('convoy');
  const named = asked.given.all('request or bead').length > 0;
  if (convoy === null && !named)
    throw misused('Say which: a request, a bead, or --convoy <id>. `rigs mq list` lists them.');
  const one = named ? await approveEach(reach, asked, signal) : '';
  return parts(one, convoy === null ? '' : await approveAllOf(reach, convoy));
};

async function approveOne(reach: Reach, { id }: MergeRequest): Promise<string> {
  await wish(reach, { type: 'approve', request: id });
  return `${id} is approved: it lands once it is proven.`;
}

async function approveAllOf(reach: Reach, given: string): Promise<string> {
  const { id, title } = findConvoy(reach, given);
  const waiting = unapproved(reach.rig.state, id);
  const named = `${id} (${plain(title, 120)})`;
  if (waiting.length === 0) return `Nothing of ${named} waits for your approval.`;
  const lines = await each(waiting, (request) => approveOne(reach, request));
  return `${lines}\n${counted(waiting.length, 'request')} of ${named}.`;
}

export const retryRequests = toEach(async (reach, { id, branch, bead, stage }) => {
  if (stage === 'failed' || stage === 'conflict')
    throw refused(
      `${id} went back to its bead (${stage}). \`rigs bead retry ${bead}\` lets its agent go on; a branch of yours enters anew with \`rigs mq add ${plain(branch, 200)}\`.`,
    );
  await wish(reach, { type: 'reprove', request: id, reason: reason('person_said') });
  return `${id} is proven once more.`;
});

export const frontRequests = toEach(async (reach, { id }) => {
  await wish(reach, { type: 'moveToFront', request: id });
  return `${id} stands before all others that wait like it.`;
});

export const ejectRequests = toEach(async (reach, { id, bead }, asked) => {
  const ask = idsOfCall(`${asked.id} ${id}`).ask();
  const open = openPullLines(reach.rig.state, bead, plainEnglish);
  await wish(reach, { type: 'eject', request: id, ask, reason: reason('person_said') });
  const out = `${id} is taken out; its branch is kept. \`rigs bead show ${bead}\` says how its bead stands.`;
  return [out, ...open].join(' ');
});

export const pauseQueue: Run = async (reach) => {
  await wish(reach, { type: 'pauseQueue' });
  const landing = reach.rig.state.queue.batch?.landing ?? null;
  const rest = landing === null ? '' : ' What is landing just now still lands.';
  return `The merge queue is paused: nothing new is proven, nothing lands, and no pull request is opened.${rest} \`rigs mq resume\` lets it go on.`;
};

export const refreshQueue: Run = async (reach) => {
  const isOut = Object.values(reach.rig.state.requests).some(({ stage }) => stage === 'offered');
  await wish(reach, { type: 'refreshQueue' });
  return isOut
    ? 'It is looked what became of the pull requests; `rigs mq list` shows it.'
    : 'No pull request is open, so there is nothing to look at.';
};

export const resumeQueue: Run = async (reach) => {
  await wish(reach, { type: 'resumeQueue' });
  return 'The merge queue goes on.';
};

export const addBranch: Run = async (reach, asked) => {
  const { given, id } = asked;
  const branch = within('line', 'branch', given.one('branch'));
  const title = given.maybe('title');
  const { request, bead } = drawn(reach, id);
  // It is in when this is said again.
  if (reach.rig.state.requests[request]?.branch !== branch) {
    const named = title === null ? null : within('line', 'title', title);
    mustBeEntered(await reach.entering.enter({ branch, title: named, bead, request }));
  }
  if (given.is('approve')) await approveNew(reach, request);
  if (given.is('json')) return json({ request, bead, branch });
  const end = given.is('approve')
    ? 'It is approved and lands once it is proven.'
    : `It is proven now; \`rigs mq approve ${request}\` lets it land.`;
  return `${request} is in the merge queue for ${plain(branch, 200)}, as bead ${bead}. ${end}`;
};

export const revertRequest: Run = async (reach, asked) => {
  const landing = findRequest(reach, asked.given.one('request or bead'));
  const { request, bead } = drawn(reach, asked.id);
  if (reach.rig.state.requests[request]?.reverts !== landing.id)
    mustBeEntered(await reach.entering.revert({ landing: landing.id, bead, request }));
  const branch = reach.rig.state.requests[request]?.branch ?? '';
  if (asked.given.is('approve')) await approveNew(reach, request);
  if (asked.given.is('json')) return json({ request, bead, branch, reverts: landing.id });
  const yes = asked.given.is('approve') ? '' : ` \`rigs mq approve ${request}\` lets it land.`;
  return `${request} takes the landing ${landing.id} back, on the branch ${plain(branch, 200)}. It is proven now.${yes} Once it has landed, ${landing.bead} is queued again; its own branch is kept.`;
};

/** What was said again may have landed meanwhile. */
async function approveNew(reach: Reach, request: MergeRequest['id']): Promise<void> {
  const found = reach.rig.state.requests[request];
  if (found?.approval === null) await wish(reach, { type: 'approve', request });
}

/** The ids of what a call enters: the same ones each time it is said. */
function drawn({ rig: { state } }: Reach, call: string): Pick<WantedBranch, 'bead' | 'request'> {
  const ids = idsOfCall(call);
  const request = ids.request();
  const made = state.requests[request]?.bead;
  return { request, bead: made ?? ids.bead((id) => state.beads[id] !== undefined) };
}
