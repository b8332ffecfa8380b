import { defaultQueueSettings } from '../../src/town/queueSettings.ts';
import type { ForemanSettings } from '../../src/foreman/hands/context.ts';
import { apiVendors, assayerRoles } from '../../src/ports/apis.ts';
import type { VendorSettings } from '../../src/providers/vendor.ts';
import { defaultRouting } from '../../src/town/routing.ts';
import type { RigSettings } from '../../src/vscode/compose/rigSettings.ts';

const noVendor: VendorSettings = { enabled: false, command: '', args: [], model: '', mode: 'ask' };

const noApi = { enabled: false, model: '', baseUrl: null, apiKeyEnv: null } as const;

function forEach<K extends string, T>(keys: readonly K[], value: T): Readonly<Record<K, T>> {
  return Object.fromEntries(keys.map((key) => [key, value])) as Record<K, T>;
}

/** Settings of a rig nobody set anything for, and that makes nothing ahead. */
export function rigSettings(foreman: Partial<ForemanSettings> = {}): RigSettings {
  return {
    foreman: () => ({
      maxPolecats: 3,
      routing: defaultRouting,
      maxAgents: 12,
      spareWorktrees: 0,
      worktreeSetup: null,
      share: {},
      allowedCommands: [],
      optimize: false,
      inspect: false,
      controlShare: 0,
      refinery: { ...defaultQueueSettings, style: 'merge' as const },
      silentAfterMs: 300_000,
      ...foreman,
    }),
    checks: () => null,
    target: () => null,
    worktreeRoot: () => null,
    vendors: () => ({ 'claude-code': noVendor, codex: noVendor, 'gemini-cli': noVendor }),
    customAgents: () => [],
    agentOrder: () => [],
    apis: () => ({ vendors: forEach(apiVendors, noApi), compatible: [] }),
    assayer: () => ({ backend: 'none', models: forEach(assayerRoles, '') }),
  };
}
