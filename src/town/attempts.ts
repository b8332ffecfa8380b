import { type Bead, totalUsage } from './bead.ts';
import { attemptsAt, isPickable } from './contest.ts';
import type { Explanation } from './explain.ts';
import type { Spending } from './ledger.ts';
import type { Seat } from './polecat.ts';
import type { RigState } from './state.ts';

/** One attempt as it is compared with the others. */
export interface Attempt {
  readonly bead: Bead;
  /** Null: none was found for it yet. */
  readonly seat: Seat | null;
  readonly isPicked: boolean;
  readonly isPickable: boolean;
  readonly checks: Share | null;
  /** By its inspector; null: none looked. */
  readonly criteria: Share | null;
  readonly size: { readonly files: number; readonly insertions: number; readonly deletions: number } | null;
  /** In and out, not from a cache. */
  readonly tokens: number;
  /** Null: nobody knows. */
  readonly usd: number | null;
  /** From its first session until it was proven; null: it is not. */
  readonly ms: number | null;
  readonly sessions: number;
}

export interface Share {
  readonly good: number;
  readonly all: number;
}

/** All attempts at a bead, in the order in which they were made. */
export function compareAttempts(
  state: RigState,
  about: Bead,
  spentOn: (bead: Bead) => Spending | null,
): readonly Attempt[] {
  return attemptsAt(state, about).map((bead) => {
    const { evidence, polecat: id } = bead;
    const polecat = id === null ? undefined : state.polecats[id];
    const { input, output } = totalUsage(bead);
    return {
      bead,
      seat: polecat?.seat ?? null,
      isPicked: about.contest?.picked === bead.id,
      isPickable: isPickable(state, bead),
      checks:
        evidence === null
          ? null
          : shareOf(evidence.checks, ({ outcome }) => outcome === 'passed' || outcome === 'skipped'),
      criteria: evidence?.verdict == null ? null : shareOf(evidence.verdict.criteria, ({ met }) => met),
      size:
        evidence === null
          ? null
          : { files: evidence.files.length, insertions: evidence.insertions, deletions: evidence.deletions },
      tokens: input + output,
      usd: moneyOf(spentOn(bead)),
      ms: evidence === null || polecat === undefined ? null : Math.max(0, evidence.at - polecat.createdAt),
      sessions: bead.attempts,
    };
  });
}

function shareOf<T>(all: readonly T[], isGood: (one: T) => boolean): Share {
  return { good: all.filter(isGood).length, all: all.length };
}

function moneyOf(spent: Spending | null): number | null {
  if (spent === null || spent.unpriced >= spent.input + spent.output) return null;
  return spent.usd;
}

/** What trying a bead in several seats may draw. */
export interface ContestNeed {
  readonly tokens: number;
  /** 0: no price is known. */
  readonly usd: number;
}

/**
 * Of so many attempts together, four times in five at most: each in a seat of its own as long as there are some, those
 * of the named providers first. Null: nothing is known of any account, nor estimated.
 */
export function contestNeed(
  { candidates }: Pick<Explanation, 'candidates'>,
  { estimate }: Pick<Bead, 'estimate'>,
  count: number,
  providers: readonly string[] = [],
): ContestNeed | null {
  if (candidates.length === 0) return estimate === null ? null : { tokens: estimate * count, usd: 0 };
  const left = [...candidates];
  let [tokens, usd] = [0, 0];
  for (let n = 0; n < count; n += 1) {
    const wanted = providers[n] ?? null;
    const own = left.findIndex(({ seat }) => wanted === null || seat.provider === wanted);
    const one =
      own >= 0
        ? left.splice(own, 1)[0]
        : (candidates.find(({ seat }) => seat.provider === wanted) ?? candidates[n % candidates.length]);
    tokens += one?.need.tokens ?? 0;
    usd += one?.need.usd ?? 0;
  }
  return { tokens, usd };
}
