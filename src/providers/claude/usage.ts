import { ModelError } from '../../ports/models.ts';
import type { Reading } from '../../town/tank.ts';
import { askProgram } from '../askProgram.ts';
import type { Environment } from '../vendor.ts';
import { amountOf, recordOf, recordsOf, textOf } from '../said.ts';
import { ownVariables } from './agent/start.ts';
import { windowOf } from './windows.ts';

const id = 'rigs-usage';

/**
 * Asks Claude Code itself, which sends its vendor no prompt for it (2.1.329: no request at all but for the windows of a
 * login). No hook and no server of the person's is started, and nothing is kept of the session. Throws `ModelError`.
 */
export function askUsage(
  program: string,
  env: Environment,
  signal: AbortSignal,
): Promise<readonly Reading[]> {
  const stream = ['-p', '--input-format', 'stream-json', '--output-format', 'stream-json', '--verbose'];
  return askProgram(
    {
      file: program,
      args: [
        ...stream,
        '--no-session-persistence',
        // What a person set there may say which account it is.
        ...['--setting-sources', 'user', '--settings', JSON.stringify({ disableAllHooks: true })],
        '--strict-mcp-config',
      ],
      env,
      without: ownVariables,
      says: [
        {
          type: 'control_request',
          request_id: id,
          request: { subtype: 'get_usage', skip_behaviors: true },
        },
      ],
      read: readUsage,
    },
    signal,
  );
}

/** Of a login that other programs use; no model of an agent draws from it. */
const ofOthers = 'seven_day_oauth_apps';

/** Null for another message. An account that pays by the token has no windows. */
export function readUsage(message: unknown): readonly Reading[] | null {
  const { type, response } = recordOf(message);
  const { subtype, request_id, response: usage, error } = recordOf(response);
  if (type !== 'control_response' || request_id !== id) return null;
  if (subtype !== 'success')
    throw new ModelError('refused', `Claude Code does not tell its usage: ${textOf(error)}`);
  const { model_scoped: scoped, ...windows } = recordOf(recordOf(usage)['rate_limits']);
  return [
    ...Object.entries(windows).flatMap(([name, value]) =>
      name === ofOthers ? [] : readingOf(windowOf(name), value),
    ),
    ...recordsOf(scoped).flatMap((one) => {
      const model = textOf(one['display_name']).toLowerCase();
      return model === '' ? [] : readingOf({ gauge: 'weekly', model }, one);
    }),
  ];
}

/** 0–100 used, and an instant in ISO's form: other units than in its status line. */
function readingOf(limit: Pick<Reading, 'gauge' | 'model'>, value: unknown): readonly Reading[] {
  const { utilization, resets_at } = recordOf(value);
  const percent = amountOf(utilization);
  if (percent === null) return [];
  const resets = Date.parse(textOf(resets_at));
  const resetsAt = Number.isFinite(resets) ? resets : null;
  return [{ ...limit, used: percent / 100, capacity: null, resetsAt, source: 'poll' }];
}
