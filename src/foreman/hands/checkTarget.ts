import { type Results, nextPoint, redPoint, stretchOf } from '../../town/redTarget.ts';
import { type CheckResult, firstFailure } from '../../town/check.ts';
import type { CommitId, Instant } from '../../town/ids.ts';
import { checkedBy, runChecks } from './checking.ts';
import type { HandContext } from './context.ts';
import { inQueueRoom } from './queue.ts';

/** Further back nobody is looked for. */
const mostBack = 200;

/**
 * Runs the checks on the target itself, where they were not green on exactly that before; where they fail twice, on what
 * came before, until it is known which landing did it. Called off by any batch; what was green by then is not run again.
 */
export async function checkTarget(
  context: HandContext,
  { look }: { readonly look: Instant },
  signal: AbortSignal,
): Promise<void> {
  const { git, repository } = context;
  const { rig } = context.state();
  const tip = rig === null ? null : await git.tip(repository, rig.target);
  const basis = await checkedBy(context);
  const way = tip === null ? [] : await git.firstParents(repository, tip.commit, mostBack);
  const stretch = stretchOf(context.state(), way, basis);
  const results = new Map<number, boolean>();
  const failures = new Map<number, CheckResult | null>();
  for (let place = nextPoint(stretch, results); place !== null; place = nextPoint(stretch, results)) {
    const point = stretch.points[place];
    if (point === undefined) return;
    const checks = await runTwice(context, point.commit, look, signal);
    // What was confirmed anew meanwhile is not what ran: it is begun anew.
    if ((await checkedBy(context)) !== basis) return;
    const failed = firstFailure(checks);
    results.set(place, failed === null);
    failures.set(place, failed);
    if (failed === null) await context.wish({ type: 'treeProven', look, tree: point.tree, basis, checks });
  }
  await tell(context, look, stretch, results, failures);
}

async function tell(
  context: HandContext,
  look: Instant,
  stretch: ReturnType<typeof stretchOf>,
  results: Results,
  failures: ReadonlyMap<number, CheckResult | null>,
): Promise<void> {
  const point = redPoint(stretch, results);
  if (point === null) {
    await context.wish({ type: 'targetChecked', look, red: null });
    return;
  }
  const { commit, place } = point;
  // That it landed may have become known while the checks ran.
  const by = Object.values(context.state().requests).find(({ landed }) => landed === commit);
  const request = point.request ?? (stretch.isKnown ? (by?.id ?? null) : null);
  const failed = failures.get(place) ?? null;
  await context.wish({ type: 'targetChecked', look, red: { commit, request, failed } });
}

/** What fails once may be flaky, and nobody’s landing is to blame for that. */
async function runTwice(
  context: HandContext,
  commit: CommitId,
  look: Instant,
  signal: AbortSignal,
): Promise<readonly CheckResult[]> {
  const first = await runOnce(context, commit, `${String(look)}-1`, signal);
  return firstFailure(first) === null ? first : runOnce(context, commit, `${String(look)}-2`, signal);
}

function runOnce(
  context: HandContext,
  commit: CommitId,
  run: string,
  signal: AbortSignal,
): Promise<readonly CheckResult[]> {
  const outputs = context.places.targetOutputs(commit, run);
  return inQueueRoom(context, commit, signal, (cwd) =>
    runChecks(context, { cwd, outputs, signal, changed: null, against: null, about: {} }),
  );
}
