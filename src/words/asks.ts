import type { Ask, AskSubject } from '../town/ask.ts';
import type { Bead } from '../town/bead.ts';
import { doubtOf } from '../town/decide/doubts.ts';
import type { Instant, PolecatId } from '../town/ids.ts';
import type { Need } from '../town/needsYou.ts';
import type { ReasonCode } from '../town/reason.ts';
import type { RigState } from '../town/state.ts';
import { budgetAskWords } from './budgets.ts';
import { checkTerms } from './checkTerms.ts';
import { decidesLine } from './decides.ts';
import { nameOf } from './nameOf.ts';
import { plain, plainLines, visible } from './plain.ts';
import { sentence } from './reasons.ts';
import { type Zone, clock, relative } from './times.ts';
import type { Translate } from './translate.ts';
import { doubtLines, inspectedLine } from './verdict.ts';

/** What waits for a person, as a tree, a notification or the command line shows it. */
export interface NeedWords {
  /** What is asked, one line. */
  readonly title: string;
  /** What it is about, in full where a decision hangs on it; may have several lines. */
  readonly detail: string;
  /** `asked 5 min ago · by 18:05`, or how long it is overdue. */
  readonly due: string;
  readonly overdue: boolean;
}

export function needWords(
  need: Need,
  state: Pick<RigState, 'beads' | 'polecats' | 'rig' | 'asks'>,
  now: Instant,
  t: Translate,
  zone: Zone = null,
): NeedWords {
  const overdue = need.deadline < now;
  return {
    ...saidOf(need, state, t),
    due: dueWords(need, now, t, zone),
    overdue,
  };
}

function saidOf(need: Need, state: Known, t: Translate): Said {
  if (need.kind === 'ask') return askWords(need.ask, state, t);
  if (need.kind === 'approval') return approvalWords(need, state, t);
  if (need.kind === 'contest') return contestWords(need, t);
  if (need.kind === 'resolving') return resolvingWords(need, t);
  if (need.kind === 'red') return { title: t('The target is red'), detail: sentence(need.reason, t) };
  if (need.kind === 'offer') return offerWords(need, state, t);
  const title = need.reason.code.startsWith('push_')
    ? t('What landed is not at the remote')
    : t('The merge queue stands still');
  return { title, detail: sentence(need.reason, t) };
}

function resolvingWords({ bead }: Extract<Need, { kind: 'resolving' }>, t: Translate): Said {
  return {
    title: t('You resolve the conflict of “{title}”', { title: titleOf(bead) }),
    detail: bead.reason === null ? '' : sentence(bead.reason, t),
  };
}

function contestWords({ bead, attempts }: Extract<Need, { kind: 'contest' }>, t: Translate): Said {
  const facts = { title: titleOf(bead), count: attempts.length };
  const title =
    attempts.length === 1
      ? t('One attempt at “{title}” is left: pick it or cancel the bead', facts)
      : t('{count} attempts at “{title}”: compare them and pick one', facts);
  const lines = attempts.flatMap(({ id, evidence }) =>
    evidence === null
      ? []
      : [
          `${id}: +${String(evidence.insertions)} −${String(evidence.deletions)} ${plain(evidence.summary, 200)}`,
        ],
  );
  return { title, detail: lines.join('\n') };
}

type Said = Pick<NeedWords, 'title' | 'detail'>;
type Known = Pick<RigState, 'beads' | 'polecats' | 'rig' | 'asks'>;

export function askWords(ask: Ask, state: Known, t: Translate): Said {
  const bead = ask.bead === null ? null : (state.beads[ask.bead] ?? null);
  const { subject } = ask;
  switch (subject.kind) {
    case 'permission':
      return permissionWords(subject, ask.onScreen, bead, state, t);
    case 'checks':
      return checksWords(subject, t);
    case 'stuck':
      return {
        title:
          subject.reason.code === 'landing_conflict'
            ? t('“{title}” has a conflict that no agent resolved', { title: titleOf(bead) })
            : t('“{title}” stands still', { title: titleOf(bead) }),
        detail: [sentence(subject.reason, t), ...heldAgainst(bead, state, t)].join('\n'),
      };
    case 'question':
      return questionWords(subject, bead, state, t);
    case 'attention':
      return attentionWords(subject, bead, state, t);
    case 'moveOn':
      return moveOnWords(subject, bead, t);
    case 'budget':
      return budgetAskWords(subject, bead?.title ?? null, t);
  }
}

/** The whole verdict: by its criteria a person decides. */
function heldAgainst(bead: Bead | null, { asks }: Known, t: Translate): readonly string[] {
  const doubt = bead === null ? null : doubtOf({ asks }, bead);
  return doubt === null ? [] : doubtLines(doubt, t);
}

type Subject<K extends AskSubject['kind']> = Extract<AskSubject, { kind: K }>;

function polecatName(id: PolecatId, state: Known): string {
  return plain(state.polecats[id]?.name ?? id, 60);
}

function questionWords(subject: Subject<'question'>, bead: Bead | null, state: Known, t: Translate): Said {
  const polecat = polecatName(subject.polecat, state);
  return {
    title: t('{polecat} asks: {question}', { polecat, question: plain(subject.question, 120) }),
    detail: `${titleOf(bead)}\n${plainLines(subject.question).slice(0, 20_000)}`,
  };
}

function moveOnWords(subject: Subject<'moveOn'>, bead: Bead | null, t: Translate): Said {
  const [from, to] = [nameOf(subject.from), nameOf(subject.to)];
  const until =
    subject.until === null
      ? t('Nobody knows until when.')
      : t('Until {time}.', { time: clock(subject.until, null) });
  return {
    title: t('{from} is used up: may {to} go on?', { from, to }),
    detail: [
      titleOf(bead),
      `${t('The account of {from} is empty.', { from })} ${until}`,
      subject.convoy === null
        ? t('Allowed, {to} goes on in the same worktree. Denied, it waits.', { to })
        : t('Allowed, work of this convoy goes on elsewhere whenever an account is empty. Denied, it waits.'),
    ].join('\n'),
  };
}

type Calling = (polecat: string, t: Translate) => string;

/** Why somebody has to look at a terminal; any other reason is said by its own sentence alone. */
const callings: Partial<Readonly<Record<ReasonCode, Calling>>> = {
  agent_needs_login: (polecat, t) => t('{polecat} needs you to log in', { polecat }),
  agent_shows_dialog: (polecat, t) => t('{polecat} shows a dialog', { polecat }),
  agent_silent: (polecat, t) => t('{polecat} is silent', { polecat }),
  agent_limited: (polecat, t) => t('{polecat} is at its limit', { polecat }),
};

function attentionWords(subject: Subject<'attention'>, bead: Bead | null, state: Known, t: Translate): Said {
  const polecat = polecatName(subject.polecat, state);
  const calling = callings[subject.reason.code];
  return {
    title: calling?.(polecat, t) ?? t('{polecat} needs you at its terminal', { polecat }),
    detail: `${titleOf(bead)}\n${sentence(subject.reason, t)}`,
  };
}

function permissionWords(
  subject: Subject<'permission'>,
  onScreen: boolean,
  bead: Bead | null,
  state: Known,
  t: Translate,
): Said {
  const polecat = polecatName(subject.polecat, state);
  const detail = visible(subject.detail, 120);
  const where = onScreen ? `\n${t('Its own dialog is open by now: answer it in its terminal.')}` : '';
  return {
    title:
      subject.tool === 'run'
        ? t('{polecat} asks to run: {detail}', { polecat, detail })
        : t('{polecat} asks to use {tool}: {detail}', { polecat, tool: plain(subject.tool, 40), detail }),
    // The whole of it: what a person allows, they have seen.
    detail: `${titleOf(bead)}\n${visible(subject.detail, 20_000)}${where}`,
  };
}

function checksWords(subject: Subject<'checks'>, t: Translate): Said {
  const lines = subject.definitions.map((one) => {
    const command = [one.command, ...one.args].map((part) => visible(part, 500)).join(' ');
    return [`${plain(one.name, 60)}: ${command}`, ...checkTerms(one, t).map((term) => `  ${term}`)].join(
      '\n',
    );
  });
  return {
    title:
      lines.length === 0
        ? t('Confirm that this rig has no checks')
        : t('Confirm the checks of this rig: {names}', {
            names: plain(subject.definitions.map((one) => one.name).join(', '), 120),
          }),
    detail:
      lines.length === 0
        ? t('No command would prove work before it lands. Choose checks if you can.')
        : [t('These commands will run on this machine and prove work before it lands:'), ...lines].join('\n'),
  };
}

function approvalWords(need: Extract<Need, { kind: 'approval' }>, state: Known, t: Translate): Said {
  const bead = state.beads[need.request.bead] ?? null;
  const evidence = bead?.evidence ?? null;
  return {
    title: t('Approve landing “{title}”', { title: titleOf(bead) }),
    detail: [
      t('{commit} passed all checks on top of {target}. Files: {files}, lines: +{insertions} −{deletions}.', {
        commit: (need.request.candidate?.commit ?? '?').slice(0, 8),
        target: plain(state.rig?.target ?? '?', 80),
        files: evidence?.files.length ?? 0,
        insertions: evidence?.insertions ?? 0,
        deletions: evidence?.deletions ?? 0,
      }),
      decidesLine(evidence ?? {}, t),
      inspectedLine(evidence ?? {}, t),
    ]
      .filter((one) => one !== '')
      .join(' '),
  };
}

function offerWords({ request, reason }: Extract<Need, { kind: 'offer' }>, state: Known, t: Translate): Said {
  const named = { title: titleOf(state.beads[request.bead] ?? null) };
  const title =
    reason.code === 'offer_by_hand'
      ? t('Open a pull request for “{title}”', named)
      : reason.code === 'offer_closed'
        ? t('The pull request of “{title}” was closed', named)
        : t('“{title}” has no pull request yet', named);
  return { title, detail: sentence(reason, t) };
}

function dueWords(need: Need, now: Instant, t: Translate, zone: Zone): string {
  const since = t('asked {when}', { when: relative(need.since, now, t) });
  const until =
    need.deadline < now
      ? t('overdue since {time}', { time: clock(need.deadline, now, zone) })
      : t('by {time}', { time: clock(need.deadline, now, zone) });
  return `${since} · ${until}`;
}

function titleOf(bead: Bead | null): string {
  return bead === null ? '?' : plain(bead.title, 120);
}
