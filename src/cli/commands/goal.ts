import { idsOfCall } from '../../gateway/idsOfCall.ts';
import type { Priority } from '../../town/bead.ts';
import { type Plan, type PlanBead, hasErrors, planToDrafts } from '../../town/plan.ts';
import { type ParsedPlan, parsePlan } from '../../town/plan/parse.ts';
import type { BeadId, ConvoyId } from '../../town/ids.ts';
import { plain } from '../../words/plain.ts';
import { planProblemWords } from '../../words/plan.ts';
import { plainEnglish } from '../../words/translate.ts';
import { CommandError, misused, refused } from '../commandError.ts';
import { priorityFlag } from '../flags.ts';
import { keepPlan, readPlan } from '../plans.ts';
import { json } from '../print/json.ts';
import { counted, parts } from '../print/lines.ts';
import type { Reach } from '../reach.ts';
import { priorityOf } from '../values.ts';
import type { Asked, Flag, Run, Verb } from '../verb.ts';
import { wish } from '../wishing.ts';

interface Named {
  /** What `--plan` takes; null for one that came from elsewhere. */
  readonly name: string | null;
  readonly file: string | null;
  readonly plan: ParsedPlan;
}

const plan: Run = async (reach, asked, signal) => {
  const named = await planFor(reach, asked, signal);
  return asked.given.is('json') ? json(planJson(named)) : planText(named);
};

async function planFor(reach: Reach, asked: Asked, signal: AbortSignal): Promise<Named> {
  const { given } = asked;
  const wanted = given.maybe('plan');
  const goal = given.maybe('goal')?.trim() ?? '';
  if (wanted !== null) {
    if (goal !== '') throw misused('Give a goal or --plan, not both: the plan has its goal.');
    const text = wanted === '-' ? asked.stdin : await readPlan(reach.rig.folder, asked.cwd, wanted);
    return { name: wanted === '-' ? null : wanted, file: null, plan: parsePlan(text) };
  }
  if (goal === '')
    throw misused('Say the goal: rigs goal plan "Add an option --json to the report command".');
  const remarks = given.all('remark');
  const reply = await reach.plan(withRemarks(goal, remarks), signal);
  if (!reply.ok) throw refused(reply.message);
  const { name, file } = await keepPlan(reach.rig.folder, goal, reply.text, reach.now());
  return { name, file, plan: parsePlan(reply.text) };
}

function withRemarks(goal: string, remarks: readonly string[]): string {
  if (remarks.length === 0) return goal;
  return `${goal}\n\nWhat was said about earlier plans for it:\n${remarks.map((one) => `- ${one}`).join('\n')}`;
}

function planJson({ name, file, plan: { goal, beads, problems } }: Named) {
  return {
    plan: name,
    file,
    goal,
    beads: beads.map(({ at: _, ...bead }) => bead),
    estimate: estimateOf(beads),
    problems: problems.map((problem) => ({
      line: problem.line + 1,
      severity: problem.severity,
      text: planProblemWords(problem, plainEnglish),
    })),
  };
}

function estimateOf(beads: readonly PlanBead[]): number {
  return beads.reduce((sum, { estimate }) => sum + (estimate ?? 0), 0);
}

function planText({ name, plan: whole }: Named): string {
  const { goal, beads } = whole;
  const known = beads.filter(({ estimate }) => estimate !== null).length;
  const estimate = known === 0 ? '' : `, about ${tokens(estimateOf(beads))}`;
  return parts(
    plain(goal, 2_000),
    beads.map((bead, at) => beadLines(whole, bead, at)).join('\n'),
    `${counted(beads.length, 'bead')}${estimate}.`,
    problemLines(whole),
    name === null || hasErrors(whole.problems)
      ? ''
      : `Start it: rigs goal execute --plan ${plain(name, 200)}`,
  );
}

function beadLines({ beads }: Plan, bead: PlanBead, at: number): string {
  const facts = [bead.estimate === null ? '' : tokens(bead.estimate), bead.provider ?? '', bead.priority];
  const before = bead.dependsOn.map((key) => {
    const index = beads.findIndex((one) => one.key === key);
    return index === -1 ? key : `#${String(index + 1)}`;
  });
  return [
    `#${String(at + 1)} [${bead.type}] ${plain(bead.title, 300)}  (${facts
      .filter((one) => one !== '')
      .map((one) => plain(one, 60))
      .join(', ')})`,
    ...(before.length === 0 ? [] : [`   Depends on: ${before.map((one) => plain(one, 40)).join(', ')}`]),
    ...bead.criteria.map((one) => `   - ${plain(one, 300)}`),
  ].join('\n');
}

function tokens(count: number): string {
  return `${count.toLocaleString('en')} tokens`;
}

function problemLines({ problems }: ParsedPlan): string {
  return problems
    .map((one) => `Line ${String(one.line + 1)}: ${planProblemWords(one, plainEnglish)}`)
    .join('\n');
}

const execute: Run = async (reach, asked, signal) => {
  if (!asked.given.is('yes'))
    throw misused(
      'It asks before it starts, which needs a terminal. See the plan with `rigs goal plan`, or add --yes.',
    );
  if (reach.owner === null)
    throw new CommandError('no_owner', 'No window runs this rig. Open its folder in VS Code and try again.');
  const convoy = idsOfCall(asked.id).convoy();
  // Not planned again when this is said again: what a model answers differs each time.
  const beads = startedBefore(reach, asked, convoy) ?? (await start(reach, asked, convoy, signal));
  const { given } = asked;
  if (given.is('json')) return json({ convoy, beads });
  return `${convoy} has ${counted(beads.length, 'bead')}. ${whatNow(reach, convoy, given.is('hold'))}`;
};

/** The beads of its convoy; null when it is another's that has the same id by chance, or there is none. */
function startedBefore({ rig: { state } }: Reach, { id }: Asked, convoy: ConvoyId): readonly BeadId[] | null {
  if (state.convoys[convoy] === undefined) return null;
  const beads = Object.values(state.beads).flatMap((bead) => (bead.convoy === convoy ? [bead.id] : []));
  const first = idsOfCall(id).bead((bead) => state.beads[bead] !== undefined && !beads.includes(bead));
  return beads.includes(first) ? beads : null;
}

async function start(
  reach: Reach,
  asked: Asked,
  convoy: ConvoyId,
  signal: AbortSignal,
): Promise<readonly BeadId[]> {
  const { plan: planned } = await planFor(reach, asked, signal);
  if (hasErrors(planned.problems))
    throw refused(`Nothing was started, because this plan has mistakes.\n${problemLines(planned)}`);
  const { given } = asked;
  const ids = idsOfCall(asked.id);
  const beads = planToDrafts(
    withPriority(planned, priorityOf(asked)),
    (taken) => ids.bead(taken),
    (id) => reach.rig.state.beads[id] !== undefined,
  );
  const [firstLine = ''] = planned.goal.split('\n');
  const title = plain(firstLine, 120) || 'A plan without a goal';
  const landing = given.is('land') ? 'auto' : 'review';
  await wish(reach, { type: 'createConvoy', convoy, title, landing, held: given.is('hold'), beads });
  return beads.map(({ bead }) => bead);
}

function withPriority(planned: Plan, priority: Priority | null): Plan {
  if (priority === null) return planned;
  return { ...planned, beads: planned.beads.map((bead) => ({ ...bead, priority })) };
}

function whatNow({ rig: { state } }: Reach, convoy: string, held: boolean): string {
  if (held) return `It is held; \`rigs convoy resume ${convoy}\` starts it.`;
  if (state.stopped) return 'The town is stopped; `rigs foreman start` starts it.';
  if (state.rig?.checks == null)
    return 'It starts once you confirm the checks of this rig (*Needs You* in VS Code).';
  return '`rigs feed` shows how it goes.';
}

const planFlag: Flag = {
  name: 'plan',
  takes: 'plan',
  about: 'A plan by its name, a *.rigs.md file, or `-` for stdin.',
};

export const goalVerbs: readonly Verb[] = [
  {
    words: 'goal plan',
    args: [{ name: 'goal', need: 'maybe' }],
    flags: [
      { name: 'refine', about: 'Ask at the terminal what should be different, and plan again.' },
      {
        name: 'remark',
        takes: 'sentence',
        many: true,
        about: 'What should be different from the last plan.',
      },
      { ...planFlag, about: 'Show this plan again: its name, a *.rigs.md file, or `-` for stdin.' },
    ],
    about: 'Show a goal as beads; nothing starts.',
    who: 'person',
    json: true,
    stdin: true,
    terminal: 'asks',
    run: plan,
  },
  {
    words: 'goal execute',
    args: [{ name: 'goal', need: 'maybe' }],
    flags: [
      planFlag,
      { name: 'yes', short: 'y', about: 'Do not ask before it starts.' },
      { ...priorityFlag, about: `Of all its beads. ${priorityFlag.about}` },
      { name: 'land', about: 'What is proven lands by itself.' },
      { name: 'hold', about: 'Queue only: nothing starts until `rigs convoy resume`.' },
    ],
    about: 'Plan a goal, ask, and start its beads.',
    who: 'person',
    json: true,
    stdin: true,
    terminal: 'asks',
    run: execute,
  },
];
