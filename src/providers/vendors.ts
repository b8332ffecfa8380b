import type { AgentProgram } from '../ports/agents.ts';
import { claudeCode } from './claude/agent.ts';
import { codex } from './codex/codex.ts';
import { accountVendor } from './custom/account.ts';
import { type Account, type AccountVendor, type CustomAgent, readCustom } from './custom/definition.ts';
import { customVendor } from './custom/vendor.ts';
import { gemini } from './gemini/vendor.ts';
import type { BrokenVendor, SetVendor } from './roster.ts';
import type { Vendor, VendorSettings } from './vendor.ts';

const withAccounts: Readonly<Record<AccountVendor, Vendor>> = {
  'claude-code': claudeCode,
  codex,
  'gemini-cli': gemini,
};

/** Every vendor's command line, in the order in which it is taken when a person said nothing. */
export const vendors: readonly Vendor[] = Object.values(withAccounts);

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

/** The command lines a person can work with, in their order, and entries of theirs with what is wrong with them. */
export function setVendors({
  vendors: settings,
  custom,
  order,
  launcher,
}: VendorWishes): readonly (SetVendor | BrokenVendor)[] {
  const known = vendors.flatMap((vendor): readonly SetVendor[] => {
    const found = settings[vendor.runner];
    return found === undefined ? [] : [{ vendor, settings: found }];
  });
  const place = (one: SetVendor | BrokenVendor): number => {
    const at = 'vendor' in one ? order.indexOf(one.vendor.runner) : -1;
    return at === -1 ? order.length : at;
  };
  const own = ownOnes(custom, (agent) =>
    'vendor' in agent
      ? accountOf(agent, settings[agent.vendor] ?? asItStands)
      : { vendor: customVendor(agent, launcher), settings: asItStands },
  );
  return [...known, ...own].toSorted((a, b) => place(a) - place(b));
}

/** What its entry does not say is as it is set for the vendor, which may be switched off itself. */
function accountOf(account: Account, set: VendorSettings): SetVendor {
  const { vendor, command, args } = account;
  return {
    vendor: accountVendor(account, withAccounts[vendor]),
    settings: { ...set, enabled: true, command: command || set.command, args: args ?? set.args },
  };
}

/** A name starts one program and no other: the second entry that has it is none. */
function ownOnes(
  custom: readonly unknown[],
  set: (agent: CustomAgent | Account) => SetVendor,
): readonly (SetVendor | BrokenVendor)[] {
  const names = new Set<string>();
  return custom.map((value, index) => {
    const agent = readCustom(value);
    // What they call it may be another one's name, or no text.
    const name = `Agent ${String(index + 1)} of "rigs.agents.custom"`;
    if ('problem' in agent) return { name, problem: agent.problem };
    if (names.has(agent.name)) return { name, problem: `"name": "${agent.name}" is taken.` };
    names.add(agent.name);
    return set(agent);
  });
}
