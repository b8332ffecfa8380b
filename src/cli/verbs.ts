import { aloneVerbs } from './commands/alone.ts';
import { beadVerbs } from './commands/bead.ts';
import { beadDecisionVerbs } from './commands/beadDecisions.ts';
import { commentVerbs } from './commands/comment.ts';
import { configVerbs } from './commands/config.ts';
import { contestVerbs } from './commands/contest.ts';
import { convoyVerbs } from './commands/convoy.ts';
import { dispatchVerbs } from './commands/dispatch.ts';
import { feedVerbs } from './commands/feed.ts';
import { goalVerbs } from './commands/goal.ts';
import { initVerbs } from './commands/init.ts';
import { mergeQueueVerbs } from './commands/mergeQueue.ts';
import { primeVerbs } from './commands/prime.ts';
import { providerVerbs } from './commands/provider.ts';
import { rigVerbs } from './commands/rig.ts';
import { sessionVerbs } from './commands/sessions.ts';
import { slingVerbs } from './commands/sling.ts';
import { statusVerbs } from './commands/status.ts';
import { tankVerbs } from './commands/tank.ts';
import { workVerbs } from './commands/work.ts';
import type { Verb } from './verb.ts';

/** Every command, in the order of the help. */
export const verbs: readonly Verb[] = [
  ...statusVerbs,
  ...goalVerbs,
  ...beadVerbs,
  ...beadDecisionVerbs,
  ...contestVerbs,
  ...dispatchVerbs,
  ...convoyVerbs,
  ...slingVerbs,
  ...sessionVerbs,
  ...mergeQueueVerbs,
  ...feedVerbs,
  ...primeVerbs,
  ...workVerbs,
  ...commentVerbs,
  ...rigVerbs,
  ...providerVerbs,
  ...tankVerbs,
  ...configVerbs,
  ...initVerbs,
  ...aloneVerbs(() => verbs),
];
