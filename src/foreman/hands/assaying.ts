import type { AssayerError } from '../../assayer/assayerError.ts';
import type { ModelAccess } from '../../ports/models.ts';
import { AccountError } from '../../ports/account.ts';
import type { Bead } from '../../town/bead.ts';
import type { PolecatId } from '../../town/ids.ts';
import type { HandContext } from './context.ts';

export type Spent = Pick<AssayerError, 'usage' | 'requests'>;

/** What a model of the assayer drew for a bead goes to the person's ledger; no agent's session is charged for it. */
export async function tellSpent(
  { account, rig, ids, say }: Pick<HandContext, 'account' | 'rig' | 'ids' | 'say'>,
  { id, convoy, type }: Pick<Bead, 'id' | 'convoy' | 'type'>,
  { provider, model }: Pick<ModelAccess, 'provider' | 'model'>,
  { usage, requests }: Spent,
): Promise<void> {
  // Each call is a session of its own: totals that are told under one name replace each other.
  const session = { rig, polecat: `assayer-${ids.ask()}` as PolecatId, token: 0 };
  const drawn = { tank: provider, provider, model, bead: id, convoy, type, usage, requests };
  try {
    await account.tell([{ kind: 'drew', role: 'assayer', ...session, ...drawn }]);
  } catch (error) {
    if (!AccountError.is(error)) throw error;
    // What was found counts all the same.
    say({
      what: 'hand.failed',
      level: 'warning',
      facts: { action: 'account', message: error.message },
    });
  }
}
