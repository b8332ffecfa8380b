/**
 * What `--json` prints. These shapes are for scripts: fields are added, none is renamed or changes its meaning within a
 * major version. Instants are ISO 8601 in UTC; text is exactly as it was given, so print it with care.
 */
import type { Notice } from '../ports/notices.ts';
import { type Bead, type Usage, totalUsage } from '../town/bead.ts';
import type { Attempt } from '../town/attempts.ts';
import type { Convoy } from '../town/convoy.ts';
import type { Instant } from '../town/ids.ts';
import { type Need, beadOfNeed, needsYou } from '../town/needsYou.ts';
import type { Polecat } from '../town/polecat.ts';
import type { RigState } from '../town/state.ts';
import { needWords } from '../words/asks.ts';
import { feedLine } from '../words/feed.ts';
import { sentence } from '../words/reasons.ts';
import { plainEnglish } from '../words/translate.ts';
import type { Reach } from './reach.ts';

export interface BeadJson {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly type: string;
  readonly priority: string;
  readonly status: string;
  /** Why it is where it is; empty when nobody can tell. */
  readonly why: string;
  readonly convoy: string | null;
  /** Name of the polecat that has it. */
  readonly agent: string | null;
  readonly provider: string | null;
  readonly preferredProvider: string | null;
  readonly criteria: readonly string[];
  readonly dependencies: readonly string[];
  readonly touches: readonly string[];
  readonly labels: readonly string[];
  readonly estimate: number | null;
  readonly usage: Usage;
  readonly attempts: number;
  /** The beads it is tried with in several seats, and whose result lands for it; null: it is not. */
  readonly contest: { readonly attempts: readonly string[]; readonly picked: string | null } | null;
  /** The bead that it is one of several attempts at. */
  readonly attemptAt: string | null;
  /** The proof of its newest done. */
  readonly evidence: {
    readonly commit: string | null;
    readonly files: readonly string[];
    readonly insertions: number;
    readonly deletions: number;
    readonly checks: readonly { readonly name: string; readonly outcome: string }[];
    readonly summary: string;
  } | null;
  readonly landed: string | null;
  readonly createdAt: string;
  readonly changedAt: string;
  readonly endedAt: string | null;
  readonly deferredUntil: string | null;
}

/** One of several attempts at a bead; `checks` and `criteria`: how many of all are good. */
export interface AttemptJson {
  readonly id: string;
  readonly status: string;
  readonly why: string;
  readonly picked: boolean;
  readonly pickable: boolean;
  readonly provider: string | null;
  readonly model: string | null;
  readonly branch: string | null;
  readonly base: string | null;
  readonly commit: string | null;
  readonly checks: { readonly good: number; readonly all: number } | null;
  readonly criteria: { readonly good: number; readonly all: number } | null;
  readonly files: number | null;
  readonly insertions: number | null;
  readonly deletions: number | null;
  readonly tokens: number;
  readonly usd: number | null;
  readonly ms: number | null;
  readonly sessions: number;
}

export interface ConvoyJson {
  readonly id: string;
  readonly title: string;
  readonly landing: string;
  /** `held`, `open`, `completed`, `ended`: all of its beads ended, not all of them completed. */
  readonly status: string;
  readonly total: number;
  readonly completed: number;
  readonly beads: readonly string[];
  readonly createdAt: string;
  readonly closedAt: string | null;
}

export interface SessionJson {
  readonly agent: string;
  readonly id: string;
  readonly bead: string;
  readonly title: string;
  readonly state: string;
  /** What the agent's own signals say; null while it has no session. */
  readonly doing: {
    readonly kind: string;
    readonly until: string | null;
    readonly detail: string | null;
  } | null;
  readonly runner: string;
  readonly provider: string;
  readonly model: string;
  readonly pid: number | null;
  readonly openedAt: string | null;
  readonly branch: string;
  readonly worktree: string | null;
  /** The vendor's own id of its session. */
  readonly conversation: string | null;
}

export interface NeedJson {
  readonly kind: string;
  readonly title: string;
  readonly detail: string;
  readonly bead: string | null;
  readonly since: string;
  readonly deadline: string;
}

export interface NoticeJson {
  readonly at: string;
  readonly level: string;
  readonly kind: string;
  readonly what: string;
  readonly text: string;
  readonly bead: string | null;
  readonly agent: string | null;
}

type Knows = Pick<Reach, 'rig' | 'now'>;

export function beadJson({ rig }: Knows, bead: Bead): BeadJson {
  const polecat = bead.polecat === null ? undefined : rig.state.polecats[bead.polecat];
  const { evidence } = bead;
  const { id, title, description, type, priority, status, convoy, criteria, dependencies } = bead;
  const { touches, labels, estimate, attempts, landed, preferredProvider } = bead;
  return {
    id,
    title,
    description,
    type,
    priority,
    status,
    why: whyOf({ rig }, bead),
    convoy,
    agent: polecat?.name ?? null,
    provider: polecat?.seat.provider ?? null,
    preferredProvider,
    criteria,
    dependencies,
    touches,
    labels,
    estimate,
    usage: totalUsage(bead),
    attempts,
    contest: bead.contest ?? null,
    attemptAt: bead.attemptAt ?? null,
    evidence:
      evidence === null
        ? null
        : {
            commit: evidence.commit,
            files: evidence.files,
            insertions: evidence.insertions,
            deletions: evidence.deletions,
            checks: evidence.checks.map(({ name, outcome }) => ({ name, outcome })),
            summary: evidence.summary,
          },
    landed,
    createdAt: iso(bead.createdAt),
    changedAt: iso(bead.changedAt),
    endedAt: isoOrNull(bead.endedAt),
    deferredUntil: isoOrNull(bead.deferredUntil),
  };
}

export function attemptJson({ rig }: Knows, attempt: Attempt): AttemptJson {
  const { bead, seat, checks, criteria, size, tokens, usd, ms, sessions } = attempt;
  const polecat = bead.polecat === null ? undefined : rig.state.polecats[bead.polecat];
  return {
    id: bead.id,
    status: bead.status,
    why: whyOf({ rig }, bead),
    picked: attempt.isPicked,
    pickable: attempt.isPickable,
    provider: seat?.provider ?? null,
    model: seat?.model ?? null,
    branch: polecat?.branch ?? null,
    base: bead.evidence?.base ?? null,
    commit: bead.evidence?.commit ?? null,
    ...{ checks, criteria, tokens, usd, ms, sessions },
    files: size?.files ?? null,
    insertions: size?.insertions ?? null,
    deletions: size?.deletions ?? null,
  };
}

/** Why a bead is where it is, as a sentence; empty when nobody can tell. */
export function whyOf({ rig }: Pick<Reach, 'rig'>, bead: Bead): string {
  const why = rig.state.beads[bead.id] === undefined ? bead.reason : rig.why(bead.id);
  return why === null ? '' : sentence(why, plainEnglish);
}

export function convoyJson(state: RigState, convoy: Convoy): ConvoyJson {
  const beads = Object.values(state.beads).filter(
    (one) => one.convoy === convoy.id && one.attemptAt === undefined,
  );
  const completed = beads.filter(({ status }) => status === 'completed').length;
  const through = completed === beads.length ? 'completed' : 'ended';
  const open = convoy.held ? 'held' : 'open';
  return {
    id: convoy.id,
    title: convoy.title,
    landing: convoy.landing,
    status: convoy.closedAt === null ? open : through,
    total: beads.length,
    completed,
    beads: beads.map(({ id }) => id),
    createdAt: iso(convoy.createdAt),
    closedAt: isoOrNull(convoy.closedAt),
  };
}

export function sessionJson(state: RigState, polecat: Polecat): SessionJson {
  const { session, seat } = polecat;
  const doing = session?.doing ?? null;
  return {
    agent: polecat.name,
    id: polecat.id,
    bead: polecat.bead,
    title: state.beads[polecat.bead]?.title ?? '',
    state: polecat.state,
    doing: doing === null ? null : { kind: doing.kind, until: isoOrNull(doing.until), detail: doing.detail },
    runner: seat.runner,
    provider: seat.provider,
    model: seat.model,
    pid: session?.process?.pid ?? null,
    openedAt: session === null ? null : iso(session.openedAt),
    branch: polecat.branch,
    worktree: polecat.worktree,
    conversation: polecat.conversations[seat.runner] ?? null,
  };
}

export function needJson({ rig, now }: Knows, need: Need): NeedJson {
  const { title, detail } = needWords(need, rig.state, now(), plainEnglish);
  return {
    kind: need.kind === 'ask' ? need.ask.subject.kind : need.kind,
    title,
    detail,
    bead: beadOfNeed(need),
    since: iso(need.since),
    deadline: iso(need.deadline),
  };
}

export function needsJson(reach: Knows): readonly NeedJson[] {
  return needsYou(reach.rig.state).map((need) => needJson(reach, need));
}

export function noticeJson({ rig }: Pick<Reach, 'rig'>, notice: Notice): NoticeJson {
  const { at, level, kind, what, bead, polecat } = notice;
  const agent = polecat === null ? null : (rig.state.polecats[polecat]?.name ?? polecat);
  return { at: iso(at), level, kind, what, text: feedLine(notice, plainEnglish), bead, agent };
}

export function iso(at: Instant): string {
  // What no Date can hold is damage of somebody's; a read still answers.
  return Math.abs(at) > 8.64e15 || !Number.isFinite(at) ? '' : new Date(at).toISOString();
}

function isoOrNull(at: Instant | null): string | null {
  return at === null ? null : iso(at);
}
