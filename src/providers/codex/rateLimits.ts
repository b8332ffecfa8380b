import { ModelError } from '../../ports/models.ts';
import type { Reading } from '../../town/tank.ts';
import { askProgram } from '../askProgram.ts';
import type { Environment } from '../vendor.ts';
import { fieldsOf, numberOf, textOf } from './json.ts';
import { windowReading } from './gauges.ts';
import { ownVariables } from './launch.ts';
import { version } from '../../system/version.ts';

const id = 2;

/** Asks Codex' app server, which draws nothing for it. Throws `ModelError`. */
export function askRateLimits(
  program: string,
  env: Environment,
  signal: AbortSignal,
): Promise<readonly Reading[]> {
  return askProgram(
    {
      file: program,
      // A server in the background would outlive the question.
      args: [
        'app-server',
        '-c',
        'features.daemon_auto_start=false',
        '-c',
        'check_for_update_on_startup=false',
      ],
      env,
      without: ownVariables,
      says: [
        { id: 1, method: 'initialize', params: { clientInfo: { name: 'rigs', version } } },
        { method: 'initialized' },
        { id, method: 'account/rateLimits/read' },
      ],
      read: readRateLimits,
    },
    signal,
  );
}

/** What an account without a login of ChatGPT is told (0.169.0): it pays by the token and has no windows. */
const noWindows = /authentication required/i;

/** Null for another message. */
export function readRateLimits(message: unknown): readonly Reading[] | null {
  const { id: answers, result, error } = fieldsOf(message);
  if (answers !== id) return null;
  const refused = textOf(fieldsOf(error)['message']);
  if (refused !== null) {
    if (noWindows.test(refused)) return [];
    // Its own server has passed on that its vendor's could not be asked.
    throw new ModelError('connection', `Codex does not tell its limits: ${refused}`);
  }
  const { primary, secondary } = fieldsOf(fieldsOf(result)['rateLimits']);
  return [primary, secondary].flatMap((one) => {
    const { usedPercent, windowDurationMins, resetsAt } = fieldsOf(one);
    return windowReading(
      { percent: numberOf(usedPercent), minutes: numberOf(windowDurationMins), resets: numberOf(resetsAt) },
      'poll',
    );
  });
}
