import * as vscode from 'vscode';
import { contestNeed } from '../../town/attempts.ts';
import type { Bead } from '../../town/bead.ts';
import {
  attemptsAt,
  contestOf,
  fewestAttempts,
  isPickable,
  keptAttempts,
  mostAttempts,
  standingOf,
} from '../../town/contest.ts';
import { explain } from '../../town/explain.ts';
import type { BeadId } from '../../town/ids.ts';
import type { RigState } from '../../town/state.ts';
import { contestNeedWords } from '../../words/attempts.ts';
import { nameOf } from '../../words/nameOf.ts';
import { beadStatusWord } from '../../words/states.ts';
import { showAttempts } from '../attempts/attemptsPage.ts';
import { commands } from '../contract.ts';
import { confirmed, tell } from '../say.ts';
import { type OpenRig, rigKey } from '../subject.ts';
import { type Target, beads, target } from '../targets.ts';
import { plain, withoutMarkup } from '../text.ts';
import type { Handlers, Tools } from '../tools.ts';
import { translate as t } from '../translate.ts';

type Names = 'tryInSeats' | 'compareAttempts' | 'diffAttempts' | 'pickAttempt' | 'cleanAttempts';

/** A person has a bead tried in several seats, compares what comes of it, and picks. */
export function attemptCommands(tools: Tools): Handlers<(typeof commands)[Names]> {
  return {
    [commands.tryInSeats]: async (...args) => {
      const found = await target(tools, args, beads, {
        title: vscode.l10n.t('Try in Several Seats'),
        nothing: vscode.l10n.t('Only a bead that has not begun is tried in several seats.'),
        fits: mayBeTried,
      });
      if (found !== null) await tryInSeats(tools, found);
    },
    [commands.compareAttempts]: async (...args) => {
      const found = await target(tools, args, beads, {
        title: vscode.l10n.t('Compare Attempts'),
        nothing: vscode.l10n.t('No bead is tried in several seats.'),
        fits: (bead, state) => aboutOf(state, bead).contest !== undefined,
      });
      if (found === null) return;
      const { rig, it } = found;
      await showAttempts(rigKey(rig), aboutOf(rig.control.state, it).id);
    },
    [commands.diffAttempts]: async (...args) => {
      const nothing = vscode.l10n.t('There are no two attempts to compare yet.');
      const found = await target(tools, args, beads, {
        title: vscode.l10n.t('Compare with Another Attempt'),
        nothing,
        fits: (bead, state) => othersOf(state, bead).length > 0,
      });
      if (found === null) return;
      const { rig, it } = found;
      const other = await choose(rig, othersOf(rig.control.state, it), vscode.l10n.t('Compare with'));
      const [from, to] = [it.evidence?.commit, other?.evidence?.commit];
      if (other === null || from == null || to == null) return;
      if (!(await tools.diffs.between(rig, `${it.id} ↔ ${other.id}`, from, to)))
        tell(vscode.l10n.t('Both attempts made the same of it.'));
    },
    [commands.pickAttempt]: async (...args) => {
      const title = vscode.l10n.t('Pick Attempt');
      const found = await target(tools, args, beads, {
        title,
        nothing: vscode.l10n.t('No attempt waits to be picked.'),
        fits: (bead, state) => pickable(state, bead).length > 0,
      });
      if (found === null) return;
      const { rig, it } = found;
      const those = pickable(rig.control.state, it);
      const attempt = those.some(({ id }) => id === it.id) ? it : await choose(rig, those, title);
      if (attempt !== null && (await mayEndOthers(rig, attempt)))
        await tools.wish(rig.control, {
          type: 'pickAttempt',
          bead: attempt.id,
          request: tools.ids.request(),
        });
    },
    [commands.cleanAttempts]: async (...args) => {
      const found = await target(tools, args, beads, {
        title: vscode.l10n.t('Clean Up Attempts'),
        nothing: vscode.l10n.t('Nothing of any attempt is kept.'),
        fits: (bead, state) => keptAttempts(state, bead.attemptAt ?? bead.id).length > 0,
      });
      if (found === null) return;
      const { rig, it } = found;
      const about = it.attemptAt ?? it.id;
      const count = keptAttempts(rig.control.state, about).length;
      const yes = await confirmed(
        count === 1
          ? vscode.l10n.t('Clean up the attempt that was not picked?')
          : vscode.l10n.t('Clean up the {count} attempts that were not picked?', { count }),
        vscode.l10n.t('They cannot be picked any more. What is nowhere else goes to the trash first.'),
        vscode.l10n.t('Clean Up Attempts'),
      );
      if (yes) await tools.wish(rig.control, { type: 'cleanAttempts', bead: about });
    },
  };
}

/** What `decide/contest.ts` takes. */
function mayBeTried({ status, polecat, attemptAt }: Bead): boolean {
  return (status === 'queued' || status === 'deferred') && polecat === null && attemptAt === undefined;
}

function aboutOf(state: RigState, bead: Bead): Bead {
  return contestOf(state, bead) ?? bead;
}

/** Attempts with a diff at the same, beside this one. */
function othersOf(state: RigState, bead: Bead): readonly Bead[] {
  if (bead.evidence?.commit == null) return [];
  const about = contestOf(state, bead);
  const all = about === null ? [] : attemptsAt(state, about);
  return all.filter(({ id, evidence }) => id !== bead.id && evidence?.commit != null);
}

/** Itself where it is one that can be picked, else those at it. */
function pickable(state: RigState, bead: Bead): readonly Bead[] {
  const about = aboutOf(state, bead);
  if (about.status !== 'contested') return [];
  if (about.id !== bead.id) return isPickable(state, bead) ? [bead] : [];
  return standingOf(state, about).pickable;
}

async function choose(rig: OpenRig, those: readonly Bead[], title: string): Promise<Bead | null> {
  const { polecats } = rig.control.state;
  const items = those.map((bead) => {
    const seat = bead.polecat === null ? undefined : polecats[bead.polecat]?.seat;
    const size = bead.evidence;
    return {
      label: seat === undefined ? bead.id : `${nameOf(seat.provider)} ${plain(seat.model, 40)}`.trim(),
      description: `${bead.id} · ${beadStatusWord(bead.status, t)}`,
      detail:
        size === null
          ? ''
          : `+${String(size.insertions)} −${String(size.deletions)} ${plain(size.summary, 120)}`,
      bead,
    };
  });
  const chosen = await vscode.window.showQuickPick(items, { title, matchOnDescription: true });
  return chosen?.bead ?? null;
}

async function mayEndOthers({ control: { state } }: OpenRig, attempt: Bead): Promise<boolean> {
  const about = contestOf(state, attempt);
  const count = about === null ? 0 : standingOf(state, about).atWork.length;
  if (count === 0) return true;
  return confirmed(
    count === 1
      ? vscode.l10n.t('Pick it while another attempt is still at work?')
      : vscode.l10n.t('Pick it while {count} other attempts are still at work?', { count }),
    vscode.l10n.t('Their agents end; what they made so far is kept until you clean it up.'),
    vscode.l10n.t('Pick Attempt'),
  );
}

async function tryInSeats(tools: Tools, { rig, it }: Target<Bead>): Promise<void> {
  const { control } = rig;
  const found = explain(control.state, control.facts, Date.now(), it.id);
  const told = (count: number, providers: readonly string[] = []): string =>
    contestNeedWords(contestNeed(found ?? { candidates: [] }, it, count, providers), count, t);
  const counts = Array.from({ length: mostAttempts - fewestAttempts + 1 }, (_, n) => n + fewestAttempts);
  const title = vscode.l10n.t('Try “{title}” in Several Seats', { title: withoutMarkup(plain(it.title)) });
  const byHand = { label: vscode.l10n.t('Choose Providers…'), detail: '', count: 0 };
  const chosen = await vscode.window.showQuickPick(
    [
      ...counts.map((count) => ({
        label: vscode.l10n.t('{count} attempts', { count }),
        detail: told(count),
        count,
      })),
      byHand,
    ],
    { title, placeHolder: vscode.l10n.t('Each in another seat, as dispatch finds best') },
  );
  if (chosen === undefined) return;
  const providers = chosen === byHand ? await chooseProviders(rig, title) : [];
  if (providers === null) return;
  const count = Math.max(fewestAttempts, chosen.count, providers.length);
  if (chosen === byHand && !(await confirmed(title, told(count, providers), vscode.l10n.t('Try')))) return;
  const taken = new Set<BeadId>();
  const attempts = Array.from({ length: count }, (_, n) => {
    const bead = tools.ids.bead((one) => taken.has(one) || control.state.beads[one] !== undefined);
    taken.add(bead);
    return { bead, provider: providers[n] ?? (n === 0 ? it.preferredProvider : null) };
  });
  await tools.wish(control, { type: 'contestBead', bead: it.id, attempts });
}

/** Null: called off. */
async function chooseProviders({ control }: OpenRig, title: string): Promise<readonly string[] | null> {
  const providers = [...new Set(control.facts.seats.map(({ provider }) => provider))];
  const items = providers.map((provider) => ({ label: nameOf(provider), provider }));
  const chosen = await vscode.window.showQuickPick(items, { title, canPickMany: true });
  if (chosen === undefined || chosen.length === 0) return null;
  return chosen.slice(0, mostAttempts).map(({ provider }) => provider);
}
