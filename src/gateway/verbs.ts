import type { Wish } from '../foreman/control.ts';
import type { Caller, Desk } from '../ports/desk.ts';
import type { ReplyOf, RequestOf, Verb } from './protocol.ts';
import { Refusal } from './refusal.ts';
import type { Agent } from './tokens.ts';

/** Who speaks: an agent's session, or the person at a surface of their own. */
export type Speaker = Agent | 'person';

/** What the door's verbs reach. */
export interface Inside {
  readonly desk: Desk;
  readonly status: () => ReplyOf<'status'>;
  /** A person's wish; said again under the same id it has the first one's answer. */
  readonly wish: (id: string, wish: Wish) => Promise<ReplyOf<'wish'>>;
}

interface Asked<V extends Verb> {
  readonly inside: Inside;
  readonly request: RequestOf<V>;
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal;
}

type Answer<V extends Verb> = (asked: Asked<V>, speaker: Speaker) => Promise<ReplyOf<V>>;

/** Each verb says who may ask it. */
const answers: { readonly [V in Verb]: Answer<V> } = {
  task: asAgent(['polecat'], async ({ inside: { desk } }, caller) => {
    const task = await desk.task(caller);
    return { ...task, access: { ...task.access }, allowed: [...task.allowed] };
  }),
  done: asAgent(['polecat'], async ({ inside: { desk }, request: { id, summary } }, caller) => ({
    ...(await desk.done(caller, summary, id)),
  })),
  permission: asAgent(['polecat'], async ({ inside: { desk }, request, signal }, caller) => ({
    answer: await desk.permission(caller, request.ask, request.tool, request.detail, signal),
  })),
  usage: asAgent(['polecat'], async ({ inside: { desk }, request: { usage } }, caller) => {
    await desk.usage(caller, usage);
    return {};
  }),
  status: ({ inside }) => Promise.resolve(inside.status()),
  wish: ({ inside, request: { id, wish } }, speaker) => {
    onlyPerson(speaker);
    return inside.wish(id, wish);
  },
};

/** Throws Refusal `forbidden` when this is not the speaker's to ask. */
export async function answer<V extends Verb>(
  verb: V,
  asked: Asked<V>,
  speaker: Speaker,
): Promise<ReplyOf<V>> {
  return answers[verb](asked, speaker);
}

function asAgent<V extends Verb>(
  roles: readonly string[],
  give: (asked: Asked<V>, caller: Caller) => Promise<ReplyOf<V>>,
): Answer<V> {
  return (asked, speaker) => {
    if (speaker === 'person' || !roles.includes(speaker.role))
      throw new Refusal('forbidden', `Only an agent may ask for this: a ${roles.join(' or ')}.`);
    return give(asked, { polecat: speaker.polecat, token: speaker.token });
  };
}

/** Throws Refusal `forbidden` for an agent. */
export function onlyPerson(speaker: Speaker): void {
  if (speaker !== 'person') throw new Refusal('forbidden', 'Only the person themselves may ask for this.');
}
