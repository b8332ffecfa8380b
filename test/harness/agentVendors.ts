/** The vendors' command lines as a person would have set them, for rigs without an editor. */
import type { SetVendor } from '../../src/providers/roster.ts';
import type { Vendor, VendorSettings } from '../../src/providers/vendor.ts';
import type { AgentName, AgentPrograms } from './agents.ts';

/** Codex asks a person to review hooks; this person said on the command line that they need none of that. */
const args: Readonly<Record<AgentName, readonly string[]>> = {
  claude: [],
  codex: ['--dangerously-bypass-hook-trust'],
  gemini: [],
};

export function setVendors(
  vendors: readonly Vendor[],
  programs: AgentPrograms,
  settings: Partial<VendorSettings> = {},
): readonly SetVendor[] {
  return vendors.flatMap((vendor) => {
    const name = vendor.command as AgentName;
    const command = programs[name];
    const set = { enabled: true, command, args: args[name], model: '', mode: 'ask' as const, ...settings };
    return [{ vendor, settings: set }];
  });
}
