import type { ForemanSettings } from '../../src/foreman/hands/context.ts';
import type { VendorSettings } from '../../src/providers/vendor.ts';
import type { RigSettings } from '../../src/vscode/compose/rigSettings.ts';

const noVendor: VendorSettings = { enabled: false, command: '', args: [], model: '', mode: 'ask' };

/** Settings of a rig nobody set anything for, and that makes nothing ahead. */
export function rigSettings(foreman: Partial<ForemanSettings> = {}): RigSettings {
  return {
    foreman: () => ({
      maxPolecats: 3,
      maxAgents: 12,
      spareWorktrees: 0,
      worktreeSetup: null,
      share: {},
      allowedCommands: [],
      silentAfterMs: 300_000,
      ...foreman,
    }),
    checks: () => null,
    target: () => null,
    worktreeRoot: () => null,
    claude: () => ({ enabled: false, model: '' }),
    vendors: () => ({ 'claude-code': noVendor, codex: noVendor, 'gemini-cli': noVendor }),
    customAgents: () => [],
    agentOrder: () => [],
  };
}
