import type { Caller, Desk } from '../ports/desk.ts';
import type { ReplyOf, RequestOf, Verb } from './protocol.ts';
import { Refusal } from './refusal.ts';

/** Who speaks: an agent's session, or the person at their own command line. */
export type Speaker = Caller | 'person';

/** What the door's verbs reach. */
export interface Inside {
  readonly desk: Desk;
  readonly status: () => ReplyOf<'status'>;
}

type Answer<V extends Verb> = (
  inside: Inside,
  speaker: Speaker,
  request: RequestOf<V>,
  signal: AbortSignal,
) => Promise<ReplyOf<V>>;

/** Every verb of the protocol; `signal` aborts when the client goes away. */
const answers: { readonly [V in Verb]: Answer<V> } = {
  task: async ({ desk }, speaker) => {
    const task = await desk.task(agent(speaker));
    return { ...task, access: { ...task.access }, allowed: [...task.allowed] };
  },
  done: async ({ desk }, speaker, { summary }) => ({ ...(await desk.done(agent(speaker), summary)) }),
  permission: async ({ desk }, speaker, { ask, tool, detail }, signal) => ({
    answer: await desk.permission(agent(speaker), ask, tool, detail, signal),
  }),
  usage: async ({ desk }, speaker, { usage }) => {
    await desk.usage(agent(speaker), usage);
    return {};
  },
  status: ({ status }) => Promise.resolve(status()),
};

export function answer<V extends Verb>(
  verb: V,
  ...[inside, speaker, request, signal]: Parameters<Answer<V>>
): Promise<ReplyOf<V>> {
  return answers[verb](inside, speaker, request, signal);
}

function agent(speaker: Speaker): Caller {
  if (speaker === 'person') throw new Refusal('forbidden', 'Only an agent may ask for this.');
  return speaker;
}
