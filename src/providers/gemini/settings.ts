import type { RigsProgram } from '../vendor.ts';
import { type Json, jsonOf, textsOf } from './json.ts';
import { hookCommand } from './shellWords.ts';

/** Hooks Rigs listens to. The others say nothing that these do not, or fire at every request to the model. */
export const heardEvents = [
  'SessionStart',
  'BeforeAgent',
  'AfterTool',
  'AfterAgent',
  'Notification',
] as const;

/** Hooks wait for the foreman, which may be waiting for its disk; the vendor's own minute is too short for a full one. */
const hookMs = 300_000;
/** A question at a person may take its time. */
const toolMs = 86_400_000;

/** What an agent's own environment must hold for hooks and tools to reach the foreman. */
const passed = ['RIGS_HOME', 'RIGS_TOKEN'] as const;

export interface Additions {
  readonly rigs: RigsProgram;
  readonly platform: NodeJS.Platform;
  /** A key is in the environment: it is used when the person chose no way to log in. */
  readonly hasKey: boolean;
}

/** The person's settings with what Rigs needs for one agent. Nothing of theirs is weakened, and no key is written. */
export function settingsFor(person: Json, { rigs, platform, hasKey }: Additions): Json {
  const security = jsonOf(person['security']);
  const redaction = jsonOf(security['environmentVariableRedaction']);
  const auth = jsonOf(security['auth']);
  return {
    ...person,
    hooks: withHooks(jsonOf(person['hooks']), rigs, platform),
    mcpServers: { ...jsonOf(person['mcpServers']), rigs: serverOf(rigs) },
    ...allowedServers(jsonOf(person['mcp'])),
    tools: withoutAsking(jsonOf(person['tools'])),
    security: {
      ...security,
      // Who has names like these taken out of what hooks see would silence ours.
      environmentVariableRedaction: {
        ...redaction,
        allowed: [...new Set([...textsOf(redaction['allowed']), ...passed])],
      },
      ...(selectedType(person) === null && hasKey
        ? { auth: { ...auth, selectedType: 'gemini-api-key' } }
        : {}),
    },
    // Each agent would update the program under all the others.
    general: {
      ...jsonOf(person['general']),
      enableAutoUpdate: false,
      enableAutoUpdateNotification: false,
    },
    // The editor has the person's folder open, not the worktree; the question whether to connect stops the agent.
    ide: { ...jsonOf(person['ide']), enabled: false, hasSeenNudge: true },
  };
}

function withHooks(person: Json, rigs: RigsProgram, platform: NodeJS.Platform): Json {
  const ours = heardEvents.map((event) => [
    event,
    [
      ...(Array.isArray(person[event]) ? (person[event] as readonly unknown[]) : []),
      {
        hooks: [
          {
            type: 'command',
            name: `rigs-${event}`,
            command: hookCommand([...rigs.hook, event], platform),
            timeout: hookMs,
          },
        ],
      },
    ],
  ]);
  return { ...person, ...(Object.fromEntries(ours) as Json) };
}

/** `$NAME` is replaced by the program itself, so that no token stands in a file. */
function serverOf({ mcp }: RigsProgram): Json {
  return {
    command: mcp.file,
    args: mcp.args,
    env: { ...mcp.env, ...Object.fromEntries(passed.map((name) => [name, `$${name}`])) },
    trust: true,
    timeout: toolMs,
  };
}

function allowedServers(mcp: Json): Json {
  return Array.isArray(mcp['allowed'])
    ? { mcp: { ...mcp, allowed: [...textsOf(mcp['allowed']), 'rigs'] } }
    : {};
}

/** Its own tool asks on its screen alone; with `rigs_ask` the question comes to whoever looks, and is kept. */
function withoutAsking(tools: Json): Json {
  return { ...tools, exclude: [...new Set([...textsOf(tools['exclude']), 'ask_user'])] };
}

/** How the person logs in; null: not chosen yet, and the program will ask. */
export function selectedType(settings: Json): string | null {
  const type = jsonOf(jsonOf(settings['security'])['auth'])['selectedType'];
  return typeof type === 'string' && type !== '' ? type : null;
}

export function hooksAreOff(settings: Json): boolean {
  return jsonOf(settings['hooksConfig'])['enabled'] === false;
}

/** Whether their own telemetry is on: then it stays theirs, and limits are not read from it. */
export function hasTelemetry(settings: Json): boolean {
  return jsonOf(settings['telemetry'])['enabled'] === true;
}

/** Whether the program asks before it works in a folder; it does unless that is turned off. */
export function asksForTrust(settings: Json): boolean {
  return jsonOf(jsonOf(settings['security'])['folderTrust'])['enabled'] !== false;
}
