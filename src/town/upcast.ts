import type { RigId } from './ids.ts';
import type { Rig } from './rig.ts';
import type { RigState, TownEvent } from './state.ts';

/** Version of the events that this Rigs writes. It grows when an event changes its shape; new events need no growth. */
export const eventsVersion = 2;

/** An event as it stands in a journal, of whichever version. */
export interface StoredEvent {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** What older events did not say and no later one can. */
export interface UpcastContext {
  readonly rig: RigId;
}

type Upcaster = (event: StoredEvent, context: UpcastContext) => StoredEvent;

/** From version 1 to 2, from 2 to 3 and so on. A step is never changed once a Rigs with it was published. */
const steps: readonly Upcaster[] = [
  (event, { rig }) => (event.type === 'rig.adopted' ? { ...event, id: rig } : event),
];

/** An event of a version up to this one's, as this one would have written it. */
export function upcast(event: StoredEvent, version: number, context: UpcastContext): TownEvent {
  if (version === eventsVersion) return event as unknown as TownEvent;
  const upcasted = steps.slice(version - 1).reduce((older, step) => step(older, context), event);
  // The journal's seals say that a Rigs wrote it, and the steps above what became of it since.
  return upcasted as unknown as TownEvent;
}

/** What was folded from version 1, as if it had been folded from version 2. */
export function upcastRest<R extends Pick<RigState, 'rig'>>(rest: R, { rig: id }: UpcastContext): R {
  const { rig } = rest;
  return rig === null || Object.hasOwn(rig, 'id')
    ? rest
    : { ...rest, rig: { id, ...(rig as Omit<Rig, 'id'>) } };
}
