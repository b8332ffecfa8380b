import type { StoreError } from '../ports/store.ts';
import { type UpcastContext, upcast, upcastRest } from '../town/upcast.ts';
import { type Folded, UnknownEvent } from './folded.ts';
import { damaged, newerSchema } from './problems.ts';
import type { Segment } from './segment.ts';
import type { Tables } from './tables.ts';

/** A transaction that the fold does not take, though its seal is good. */
export interface Unfit {
  readonly seq: number;
  readonly damage: StoreError;
}

/**
 * Folds the journal's files up to a number. After an unfit transaction half of it may be in the fold. Throws
 * StoreError `newer_schema`.
 */
export function replay(
  folded: Folded,
  segments: readonly Segment[],
  context: UpcastContext,
  upTo = Infinity,
): Unfit | null {
  for (const { path, transactions } of segments) {
    for (const { seq, v, events } of transactions) {
      if (seq > upTo) return null;
      try {
        for (const event of events) folded.apply(upcast(event, v, context));
      } catch (error) {
        if (error instanceof UnknownEvent) throw newerSchema(path, `number ${seq}: ${error.message}`);
        return { seq, damage: damaged(path, `number ${seq} cannot be applied`, error) };
      }
    }
  }
  return null;
}

const nothing = { beads: [], convoys: [], polecats: [], requests: [], asks: [] };

/** What a snapshot of an older Rigs holds, as if this one had folded it. */
export function modernize(folded: Folded, tables: Tables, context: UpcastContext): void {
  const rest = upcastRest(folded.rest, context);
  if (rest === folded.rest) return;
  folded.restore(rest, nothing);
  tables.rebuild(folded);
}
