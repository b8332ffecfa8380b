import { AssayerError } from '../../assayer/assayerError.ts';
import { estimate } from '../../assayer/estimator.ts';
import { AccountError } from '../../ports/account.ts';
import { GitError } from '../../ports/git.ts';
import { type ModelAccess, ModelError } from '../../ports/models.ts';
import type { Bead } from '../../town/bead.ts';
import { firstEstimate, wordsOf } from '../../town/firstEstimate.ts';
import { sizeOf } from '../../town/need.ts';
import { tellSpent } from './assaying.ts';
import type { HandContext } from './context.ts';

/**
 * Has a model say what a bead will draw, where nobody said so and that costs the person nothing they did not choose.
 * Whatever comes of it, what is known without a model serves.
 */
export async function estimateBead(context: HandContext, bead: Bead, signal: AbortSignal): Promise<void> {
  if (bead.estimate !== null) return;
  const access = await context.agents.assayer('estimator', { author: null, unasked: true });
  if (access === null) return;
  try {
    const tokens = await tokensBy(context, bead, access, signal);
    await context.wish({ type: 'editBead', bead: bead.id, changes: { estimate: tokens } });
  } catch (error) {
    signal.throwIfAborted();
    if (AssayerError.is(error)) await tellSpent(context, bead, access, error);
    else if (!ModelError.is(error) && !AccountError.is(error)) throw error;
  }
}

async function tokensBy(
  context: HandContext,
  bead: Bead,
  access: ModelAccess,
  signal: AbortSignal,
): Promise<number> {
  const { account, clock } = context;
  const files = await countFiles(context);
  const counted = firstEstimate({ type: bead.type, words: wordsOf(bead), named: 0, files });
  const { learned } = await account.fuel();
  // Which seat takes it is not known yet.
  const nowhere = { provider: '', model: '' };
  const known = Math.round(sizeOf({ type: bead.type, estimate: counted }, nowhere, learned).p50);
  const models = await context.openModels(access);
  const asking = { models, model: access.model, clock, signal };
  const { tokens, ...spent } = await estimate({ ...asking, bead, known, files });
  await tellSpent(context, bead, access, spent);
  return tokens;
}

/** How large the repository is; 0: it cannot be told now, which is no reason to know nothing of the bead. */
async function countFiles(context: HandContext): Promise<number> {
  const { git, repository } = context;
  try {
    const tip = await git.tip(repository, context.state().rig?.target ?? '');
    return tip === null ? 0 : (await git.files(repository, tip.commit)).length;
  } catch (error) {
    if (GitError.is(error)) return 0;
    throw error;
  }
}
