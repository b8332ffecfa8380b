import type { Action } from '../../town/action.ts';
import { assemble } from './assemble.ts';
import { checkTarget } from './checkTarget.ts';
import { clear } from './clear.ts';
import type { HandContext } from './context.ts';
import { house } from './house.ts';
import { offer } from './offer.ts';
import { optimizeBead } from './optimize.ts';
import { proveDone } from './proof.ts';
import { push } from './push.ts';
import { resolve } from './resolve.ts';
import { revert } from './revert.ts';
import { land, proveTip, stopping } from './queue.ts';
import { trace } from './trace.ts';
import { watchOffers } from './watchOffers.ts';
import { attend, endSession, launch } from './session.ts';

/** The one place where an action of the town meets the hand that does it. */
export function carryOut(context: HandContext, action: Action, signal: AbortSignal): Promise<void> {
  switch (action.type) {
    case 'house':
      return house(context, action, signal);
    case 'launch':
      return launch(context, action, signal);
    case 'attend':
      return attend(context, action, signal);
    case 'endSession':
      return endSession(context, action, signal);
    case 'proveDone':
      return proveDone(context, action, signal);
    case 'optimize':
      return optimizeBead(context, action, signal);
    case 'clear':
      return clear(context, action);
    case 'resolve':
      return resolve(context, action);
    case 'assemble':
      return stopping(context, action, assemble(context, action, signal));
    case 'proveTip':
      return stopping(context, action, proveTip(context, action, signal));
    case 'land':
      return land(context, action);
    case 'push':
      return push(context, action, signal);
    case 'checkTarget':
      return checkTarget(context, action, signal);
    case 'revertLanding':
      return revert(context, action);
    case 'offer':
      return offer(context, action, signal);
    case 'watchOffers':
      return watchOffers(context, signal);
    case 'trace':
      return trace(context, action, signal);
  }
}
