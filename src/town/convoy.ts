import type { ConvoyId, Instant } from './ids.ts';
import { without } from './record.ts';

/** `review`: a person approves each landing. `auto`: a proven request lands by itself. */
export type LandingPolicy = 'review' | 'auto';

/** A batch of beads, usually one goal. Which beads it has is said by the beads. */
export interface Convoy {
  readonly id: ConvoyId;
  readonly title: string;
  readonly landing: LandingPolicy;
  /** Held convoys wait in the depot until released (*Queue Only*, pause). */
  readonly held: boolean;
  readonly createdAt: Instant;
  readonly closedAt: Instant | null;
}

export type ConvoyEvent =
  | {
      readonly type: 'convoy.created';
      readonly convoy: ConvoyId;
      readonly title: string;
      readonly landing: LandingPolicy;
      readonly held: boolean;
      readonly at: Instant;
    }
  | { readonly type: 'convoy.held'; readonly convoy: ConvoyId; readonly at: Instant }
  | { readonly type: 'convoy.released'; readonly convoy: ConvoyId; readonly at: Instant }
  | { readonly type: 'convoy.closed'; readonly convoy: ConvoyId; readonly at: Instant }
  | { readonly type: 'convoy.reopened'; readonly convoy: ConvoyId; readonly at: Instant }
  | { readonly type: 'convoy.archived'; readonly convoy: ConvoyId; readonly at: Instant };

export type Convoys = Readonly<Record<ConvoyId, Convoy>>;

export function foldConvoy(convoys: Convoys, event: ConvoyEvent): Convoys {
  if (event.type === 'convoy.created') {
    const { convoy: id, title, landing, held, at } = event;
    return { ...convoys, [id]: { id, title, landing, held, createdAt: at, closedAt: null } };
  }
  if (event.type === 'convoy.archived') return without(convoys, [event.convoy]);
  const convoy = convoys[event.convoy];
  return convoy === undefined ? convoys : { ...convoys, [event.convoy]: { ...convoy, ...changes(event) } };
}

function changes(
  event: Exclude<ConvoyEvent, { type: 'convoy.created' | 'convoy.archived' }>,
): Partial<Convoy> {
  switch (event.type) {
    case 'convoy.held':
      return { held: true };
    case 'convoy.released':
      return { held: false };
    case 'convoy.closed':
      return { closedAt: event.at };
    case 'convoy.reopened':
      return { closedAt: null };
  }
}
