import type { AgentProgram } from '../ports/agents.ts';
import { claudeCode } from './claude/agent.ts';
import { codex } from './codex/codex.ts';
import { readCustom } from './custom/definition.ts';
import { customVendor } from './custom/vendor.ts';
import { gemini } from './gemini/vendor.ts';
import type { SetVendor } from './roster.ts';
import type { Vendor, VendorSettings } from './vendor.ts';

/** Every vendor's command line, in the order in which it is taken when a person said nothing. */
export const vendors: readonly Vendor[] = [claudeCode, codex, gemini];

export interface VendorWishes {
  /** By runner. */
  readonly vendors: Readonly<Record<string, VendorSettings>>;
  /** Agents of the person's own, as they wrote them. */
  readonly custom: readonly unknown[];
  /** Runners that go before the others. */
  readonly order: readonly string[];
  /** What runs agents that know nothing of Rigs, and says done for them. */
  readonly launcher: AgentProgram;
}

/** An agent of a person's own is all said in its entry. */
const asItStands: VendorSettings = { enabled: true, command: '', args: [], model: '', mode: 'ask' };

/** The command lines a person can work with, in their order. */
export function setVendors({
  vendors: settings,
  custom,
  order,
  launcher,
}: VendorWishes): readonly SetVendor[] {
  const own = custom.flatMap((value): readonly SetVendor[] => {
    const agent = readCustom(value);
    // Whoever reads the settings has said what is wrong with it.
    return 'problem' in agent ? [] : [{ vendor: customVendor(agent, launcher), settings: asItStands }];
  });
  const known = vendors.flatMap((vendor): readonly SetVendor[] => {
    const found = settings[vendor.runner];
    return found === undefined ? [] : [{ vendor, settings: found }];
  });
  const place = ({ vendor }: SetVendor): number => {
    const at = order.indexOf(vendor.runner);
    return at === -1 ? order.length : at;
  };
  return [...known, ...own].toSorted((a, b) => place(a) - place(b));
}
