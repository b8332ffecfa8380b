import type { Doing, DoingKind, Polecat } from '../../town/polecat.ts';
import { doingWords, polecatStateWord } from '../../words/states.ts';
import { commands } from '../contract.ts';
import { plain } from '../text.ts';
import { whyWords } from './bead.ts';
import { changes } from './changes.ts';
import { doingIcons, icons, polecatIcons } from './look.ts';
import { type Children, type Fact, type Icon, type Node, listed } from './node.ts';
import { agentName, modeOf } from './runnerWords.ts';
import { type RigView, described } from './view.ts';

/** One polecat: what its agent does, on what, whose it is, and what it changed. */
export function polecatNode(view: RigView, polecat: Polecat): Node {
  const { t, state } = view;
  const bead = state.beads[polecat.bead];
  const stateWord = whatItDoes(view, polecat);
  const title = plain(bead?.title ?? polecat.bead);
  const why = bead === undefined ? '' : whyWords(view, bead);
  const bypass = modeOf(view, polecat) === 'bypass' ? t('never asks') : '';
  return {
    id: `polecat/${view.key}/${polecat.id}`,
    kind: polecat.session === null ? 'polecat.idle' : 'polecat.working',
    label: polecat.name,
    // Before the title, which a narrow side bar cuts.
    description: described(stateWord, bypass, title, agentName(view, polecat)),
    icon: iconOf(polecat),
    spoken: t('Polecat {polecat}, {state}, bead {title}, {why}', {
      polecat: polecat.name,
      state: described(stateWord, bypass),
      title,
      why,
    }),
    facts: () => polecatFacts(view, polecat, { stateWord, title, why, bypass }),
    subject: { kind: 'polecat', rig: view.key, polecat: polecat.id },
    click: polecat.session === null ? commands.showBead : commands.showTerminal,
    children: childrenOf(view, polecat),
  };
}

/** Null as long as nothing was heard of its agent: then the foreman's own state says more. */
function heardOf({ state, session }: Polecat): Doing | null {
  if (state !== 'working' || session === null || session.doing.kind === 'starting') return null;
  return session.doing;
}

function whatItDoes(view: RigView, polecat: Polecat): string {
  const { limit } = polecat;
  const doing = heardOf(polecat);
  if (doing !== null) return doingWords(doing, view.clock, view.t);
  // Its session made way for the limit, and the next one starts when that is over.
  const until = polecat.session === null ? (limit?.until ?? null) : null;
  if (until !== null && until > view.now)
    return doingWords({ kind: 'limited', until, detail: null }, view.clock, view.t);
  return polecatStateWord(polecat.state, view.t);
}

function iconOf(polecat: Polecat): Icon {
  const doing: DoingKind | null = heardOf(polecat)?.kind ?? null;
  return (doing === null ? undefined : doingIcons[doing]) ?? polecatIcons[polecat.state];
}

function polecatFacts(
  view: RigView,
  polecat: Polecat,
  words: Readonly<Record<'stateWord' | 'title' | 'why' | 'bypass', string>>,
): readonly Fact[] {
  const { t } = view;
  const { runner, provider, model } = polecat.seat;
  const detail = heardOf(polecat)?.detail ?? null;
  const rows: readonly Fact[] = [
    { name: t('Polecat'), value: polecat.name },
    { name: t('State'), value: words.stateWord },
    { name: t('In its words'), value: detail === null ? '' : plain(detail, 500) },
    { name: t('Bead'), value: `${polecat.bead} ${words.title}` },
    { name: t('Why'), value: words.why },
    { name: t('Seat'), value: described(runner, provider, model) },
    { name: t('Asks'), value: words.bypass },
    { name: t('Branch'), value: polecat.branch },
    { name: t('Worktree'), value: polecat.worktree ?? '' },
  ];
  return rows.filter(({ value }) => value !== '');
}

function childrenOf(view: RigView, polecat: Polecat): Children {
  const evidence = view.state.beads[polecat.bead]?.evidence ?? null;
  return evidence?.base == null || evidence.commit === null
    ? listed([nothingYet(view, polecat)])
    : changes(view, `polecat/${polecat.id}`, evidence.files, evidence.base, evidence.commit);
}

/** Its work becomes visible with its first proof; saying so beats an empty list. */
function nothingYet({ t, key }: RigView, polecat: Polecat): Node {
  const label = t('No changes handed in yet');
  return { id: `note/${key}/${polecat.id}`, kind: 'note', label, icon: icons.note };
}
