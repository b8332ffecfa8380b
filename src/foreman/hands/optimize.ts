import { AssayerError } from '../../assayer/assayerError.ts';
import { isWorthWording, optimize } from '../../assayer/optimizer.ts';
import { type ModelAccess, ModelError } from '../../ports/models.ts';
import type { Bead, Optimized } from '../../town/bead.ts';
import type { BeadId } from '../../town/ids.ts';
import { type Reason, reason } from '../../town/reason.ts';
import { tellSpent } from './assaying.ts';
import type { HandContext } from './context.ts';
import { estimateBead } from './estimate.ts';

/** The most a bead waits for better words. */
const limitMs = 3 * 60_000;

/** Words a bead's task anew, and estimates it, before it queues. Whatever comes of it, the bead goes on. */
export async function optimizeBead(
  context: HandContext,
  action: { readonly bead: BeadId },
  signal: AbortSignal,
): Promise<void> {
  const bead = context.state().beads[action.bead];
  if (bead === undefined) return;
  const found = await word(context, bead, signal);
  await estimateBead(context, bead, signal);
  signal.throwIfAborted();
  await context.wish({ type: 'beadOptimized', bead: bead.id, description: bead.description, ...found });
}

interface Worded {
  readonly optimized: Optimized | null;
  readonly reason: Reason | null;
}

const asItWas: Worded = { optimized: null, reason: null };

async function word(context: HandContext, bead: Bead, signal: AbortSignal): Promise<Worded> {
  if (!context.settings().optimize || bead.trial === 'control' || !isWorthWording(bead)) return asItWas;
  const access = await context.agents.assayer('optimizer', { author: null, unasked: true });
  if (access === null) return asItWas;
  try {
    return await wordBy(context, bead, access, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (AssayerError.is(error)) await tellSpent(context, bead, access, error);
    else if (!ModelError.is(error)) throw error;
    return { optimized: null, reason: reason('not_worded', { detail: error.message }) };
  }
}

async function wordBy(
  context: HandContext,
  bead: Bead,
  access: ModelAccess,
  signal: AbortSignal,
): Promise<Worded> {
  const { provider, model } = access;
  const models = await context.openModels(access);
  const asking = { models, model, clock: context.clock, signal, limitMs };
  const { optimized, ...spent } = await optimize({ ...asking, provider, bead });
  await tellSpent(context, bead, access, spent);
  const { dropped } = optimized;
  return { optimized, reason: dropped.length === 0 ? null : reason('wording_dropped', { dropped }) };
}
