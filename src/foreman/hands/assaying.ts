import type { AssayerError } from '../../assayer/assayerError.ts';
import type { ModelAccess } from '../../ports/models.ts';
import { AccountError } from '../../ports/account.ts';
import type { Bead } from '../../town/bead.ts';
import type { TankNews } from '../../town/fuel.ts';
import type { PolecatId } from '../../town/ids.ts';
import type { HandContext } from './context.ts';

export type Spent = Pick<AssayerError, 'usage' | 'requests'>;

/** What a model of the assayer drew; no agent's session is charged for it. `bead` null: it was asked for no bead. */
export function drewBy(
  { rig, ids }: Pick<HandContext, 'rig' | 'ids'>,
  bead: Pick<Bead, 'id' | 'convoy' | 'type'> | null,
  { provider, model }: Pick<ModelAccess, 'provider' | 'model'>,
  { usage, requests }: Spent,
): TankNews {
  // Each call is a session of its own: totals that are told under one name replace each other.
  const session = { rig, polecat: `assayer-${ids.ask()}` as PolecatId, token: 0 };
  const of = { bead: bead?.id ?? null, convoy: bead?.convoy ?? null, type: bead?.type ?? null };
  return {
    kind: 'drew',
    role: 'assayer',
    ...session,
    ...of,
    tank: provider,
    provider,
    model,
    usage,
    requests,
  };
}

/** Tells the person's ledger. */
export async function tellSpent(
  context: Pick<HandContext, 'account' | 'rig' | 'ids' | 'say'>,
  bead: Pick<Bead, 'id' | 'convoy' | 'type'>,
  access: Pick<ModelAccess, 'provider' | 'model'>,
  spent: Spent,
): Promise<void> {
  try {
    await context.account.tell([drewBy(context, bead, access, spent)]);
  } catch (error) {
    if (!AccountError.is(error)) throw error;
    // What was found counts all the same.
    context.say({
      what: 'hand.failed',
      level: 'warning',
      facts: { action: 'account', message: error.message },
    });
  }
}
