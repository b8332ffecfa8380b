import * as v from 'valibot';
import type { CommandResult } from '../../gateway/command.ts';
import { exitCodes, misused } from '../commandError.ts';
import type { Parsed } from '../parse.ts';
import type { Given } from '../verb.ts';
import type { Terminal } from './terminal.ts';

/** Says further commands of its own to the rig. */
export type Say = (argv: readonly string[]) => Promise<CommandResult>;

const planned = v.looseObject({
  plan: v.nullable(v.string()),
  beads: v.array(v.unknown()),
  problems: v.array(v.looseObject({ severity: v.string() })),
});

/** Whether a command has to ask a person back before it goes on. */
export function converses({ verb, given }: Parsed): boolean {
  if (verb.terminal !== 'asks') return false;
  return verb.words === 'goal plan' ? given.is('refine') : !given.is('yes');
}

/** Asks what a command wants to know, at the terminal. Throws `CommandError` where there is none. */
export async function converse(parsed: Parsed, terminal: Terminal, say: Say): Promise<CommandResult> {
  const refines = parsed.verb.words === 'goal plan';
  if (!terminal.asks)
    throw misused(
      refines
        ? '--refine asks at a terminal. Without one, say what should be different with --remark.'
        : 'It asks before it starts, which needs a terminal. See the plan with `rigs goal plan`, or add --yes.',
    );
  return refines ? refine(parsed.given, terminal, say) : confirm(parsed, terminal, say);
}

/** Plans again and again, until nothing is to be different. */
async function refine(given: Given, terminal: Terminal, say: Say): Promise<CommandResult> {
  const remarks = [...given.all('remark')];
  for (;;) {
    const result = await say([
      'goal',
      'plan',
      ...given.all('goal'),
      ...remarks.flatMap((one) => ['--remark', one]),
    ]);
    if (result.exit !== exitCodes.ok) return result;
    terminal.out(result.out);
    const remark = await terminal.ask('What should be different? (empty: nothing) ');
    if (remark === null || remark.trim() === '') return { exit: exitCodes.ok, out: '' };
    remarks.push(remark.trim());
  }
}

/** What was planned is what starts: the plan is named, not made again. */
async function confirm({ given, json }: Parsed, terminal: Terminal, say: Say): Promise<CommandResult> {
  const wanted = given.maybe('plan');
  const asked = ['goal', 'plan', ...given.all('goal'), ...(wanted === null ? [] : ['--plan', wanted])];
  const made = await say([...asked, '--json']);
  if (made.exit !== exitCodes.ok) return made;
  const { plan, beads, problems } = v.parse(planned, JSON.parse(made.out));
  if (plan === null) throw misused('A plan from stdin leaves no way to ask; add --yes.');
  const shown = await say(['goal', 'plan', '--plan', plan]);
  if (shown.exit !== exitCodes.ok) return shown;
  terminal.out(shown.out);
  if (problems.some(({ severity }) => severity === 'error'))
    return { exit: exitCodes.refused, out: 'This plan has mistakes, so nothing was started.' };
  const yes = await terminal.ask(
    `Start ${beads.length === 1 ? 'this bead' : `these ${String(beads.length)} beads`}? [y/N] `,
  );
  if (!/^\s*y(es)?\s*$/i.test(yes ?? ''))
    return { exit: exitCodes.ok, out: `Nothing was started. The plan is kept as ${plan}.` };
  const flags = ['land', 'hold'].filter((flag) => given.is(flag)).map((flag) => `--${flag}`);
  const priority = given.all('priority').flatMap((one) => ['--priority', one]);
  return say([
    'goal',
    'execute',
    '--plan',
    plan,
    '--yes',
    ...flags,
    ...priority,
    ...(json ? ['--json'] : []),
  ]);
}
