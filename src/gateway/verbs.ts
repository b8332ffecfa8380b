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
  /** A person's wish; said again under the same id it has the first one's answer. */
  readonly wish: (id: string, wish: Wish) => Promise<ReplyOf<'wish'>>;
}

/** A verb, or what stands beside them. */
export type Asked = Verb | 'follow' | 'run';

/** Who may ask for what; null: whoever has a token. A person speaks for no agent. */
const askers: Readonly<Record<Asked, readonly string[] | 'person' | null>> = {
  task: ['polecat'],
  done: ['polecat'],
  permission: ['polecat'],
  usage: ['polecat'],
  fuel: ['polecat'],
  question: ['polecat'],
  note: ['polecat'],
  forgetCheckpoint: ['polecat'],
  handOff: ['polecat'],
  split: ['polecat'],
  comment: ['polecat'],
  wish: 'person',
  follow: 'person',
  run: null,
};

/** Before anything more of theirs is read. Throws Refusal `forbidden` when this is not the speaker's to ask. */
export function admit(what: Asked, speaker: Speaker): void {
  const who = askers[what];
  if (who === null) return;
  if (who === 'person') {
    if (speaker !== 'person') throw new Refusal('forbidden', 'Only the person themselves may ask for this.');
  } else if (speaker === 'person' || !who.includes(speaker.role))
    throw new Refusal('forbidden', `Only an agent may ask for this: a ${who.join(' or ')}.`);
}

interface Question<V extends Verb> {
  readonly inside: Inside;
  readonly request: RequestOf<V>;
  /** Who was admitted. */
  readonly speaker: Speaker;
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal;
}

type Answer<V extends Verb> = (asked: Question<V>) => Promise<ReplyOf<V>>;

const answers: { readonly [V in Verb]: Answer<V> } = {
  task: async ({ inside: { desk }, speaker }) => {
    const task = await desk.task(callerIn(speaker));
    return { ...task, access: { ...task.access }, allowed: [...task.allowed] };
  },
  done: async ({ inside: { desk }, request: { id, summary }, speaker, signal }) => ({
    ...(await desk.done(callerIn(speaker), summary, id, signal)),
  }),
  permission: async ({ inside: { desk }, request, speaker, signal }) => ({
    answer: await desk.permission(callerIn(speaker), request.ask, request.tool, request.detail, signal),
  }),
  usage: async ({ inside: { desk }, request: { usage }, speaker }) => {
    await desk.usage(callerIn(speaker), usage);
    return {};
  },
  fuel: async ({ inside: { desk }, request, speaker }) => {
    await desk.fuel(callerIn(speaker), request);
    return {};
  },
  question: async ({ inside: { desk }, request: { ask, question }, speaker, signal }) => ({
    reply: await desk.question(callerIn(speaker), ask, question, signal),
  }),
  note: async ({ inside: { desk }, request, speaker }) => {
    await desk.note(callerIn(speaker), request);
    return {};
  },
  forgetCheckpoint: async ({ inside: { desk }, speaker }) => {
    await desk.forgetCheckpoint(callerIn(speaker));
    return {};
  },
  handOff: async ({ inside: { desk }, request, speaker }) => {
    await desk.handOff(callerIn(speaker), { ...request, kind: 'checkpoint' });
    return {};
  },
  split: async ({ inside: { desk }, request: { id, drafts }, speaker }) => ({
    beads: [...(await desk.split(callerIn(speaker), id, drafts))],
  }),
  comment: async ({ inside: { desk }, request: { id, ...answer }, speaker }) => {
    await desk.comment(callerIn(speaker), id, answer);
    return {};
  },
  wish: ({ inside, request: { id, wish } }) => inside.wish(id, wish),
};

/** What a speaker who was admitted (`admit`) is answered. */
export async function answer<V extends Verb>(verb: V, asked: Question<V>): Promise<ReplyOf<V>> {
  return answers[verb](asked);
}

function callerIn(speaker: Speaker): Caller {
  if (speaker === 'person') throw new Error('A person was admitted where only agents are.');
  return { polecat: speaker.polecat, token: speaker.token };
}
