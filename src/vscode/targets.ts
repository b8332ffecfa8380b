import * as vscode from 'vscode';
import type { Ask } from '../town/ask.ts';
import type { Bead } from '../town/bead.ts';
import type { Convoy } from '../town/convoy.ts';
import { type FlakyTest, flakyLabel, flakyTests } from '../town/flaky.ts';
import { type MergeRequest, openStages } from '../town/mergeRequest.ts';
import type { Polecat } from '../town/polecat.ts';
import type { RigState } from '../town/state.ts';
import { schemes } from './contract.ts';
import { beadOfUri } from './documents/beadUri.ts';
import { subjectOfFile } from './documents/fileUri.ts';
import { tell } from './say.ts';
import { type OpenRig, type Subject, parseSubject, rigKey } from './subject.ts';
import { plain } from './text.ts';
import type { Tools } from './tools.ts';

/** A thing of a rig that a command acts on. */
export interface Target<T> {
  readonly rig: OpenRig;
  readonly it: T;
}

/** How a kind of thing is found from whatever a command was called with, or offered for choosing. */
export interface Kind<T> {
  readonly of: (rig: OpenRig, subject: Subject) => T | undefined;
  readonly all: (rig: OpenRig) => readonly T[];
  readonly label: (it: T, rig: OpenRig) => { readonly label: string; readonly description: string };
}

export const beads: Kind<Bead> = {
  of: ({ control: { state } }, subject) => {
    if (subject.kind === 'bead') return state.beads[subject.bead];
    const id =
      subject.kind === 'polecat'
        ? state.polecats[subject.polecat]?.bead
        : subject.kind === 'request'
          ? state.requests[subject.request]?.bead
          : subject.kind === 'ask'
            ? state.asks[subject.ask]?.bead
            : null;
    return id === null || id === undefined ? undefined : state.beads[id];
  },
  all: ({ control }) => Object.values(control.state.beads),
  label: (bead) => ({ label: plain(bead.title), description: bead.id }),
};

export const polecats: Kind<Polecat> = {
  of: (rig, subject) => {
    const { state } = rig.control;
    if (subject.kind === 'polecat') return state.polecats[subject.polecat];
    const id = beads.of(rig, subject)?.polecat ?? null;
    return id === null ? undefined : state.polecats[id];
  },
  all: ({ control }) => Object.values(control.state.polecats).filter((one) => one.state !== 'retired'),
  label: (polecat, { control }) => ({
    label: polecat.name,
    description: plain(control.state.beads[polecat.bead]?.title ?? polecat.bead),
  }),
};

export const requests: Kind<MergeRequest> = {
  of: (rig, subject) => {
    const { state } = rig.control;
    if (subject.kind === 'request') return state.requests[subject.request];
    const bead = beads.of(rig, subject);
    const own = Object.values(state.requests).filter((one) => bead !== undefined && isOf(one, bead));
    return own.find((one) => openStages.includes(one.stage)) ?? own.at(-1);
  },
  all: ({ control }) => Object.values(control.state.requests).filter((one) => openStages.includes(one.stage)),
  label: (request, { control }) => ({
    label: plain(control.state.beads[request.bead]?.title ?? request.bead),
    description: `${request.bead} · ${request.id}`,
  }),
};

/** For a bead that was tried in several seats the attempt lands that was picked. */
function isOf({ bead: id }: MergeRequest, { id: own, contest }: Bead): boolean {
  return id === own || id === contest?.picked;
}

/** What landed and stands in the rig's memory, the newest first. */
export const landings: Kind<MergeRequest> = {
  of: (rig, subject) => {
    const found = subject.kind === 'request' ? requests.of(rig, subject) : undefined;
    const bead = found === undefined ? beads.of(rig, subject) : undefined;
    return found ?? landings.all(rig).find((one) => bead !== undefined && isOf(one, bead));
  },
  all: ({ control }) =>
    Object.values(control.state.requests)
      .filter(({ stage }) => stage === 'landed')
      .sort((a, b) => b.changedAt - a.changedAt),
  label: requests.label,
};

/** Tests that failed and passed on one tree, the last one first. */
export const flaky: Kind<FlakyTest> = {
  of: (rig, subject) =>
    subject.kind === 'flaky' ? flaky.all(rig).find((one) => flakyLabel(one) === subject.flaky) : undefined,
  all: ({ control }) => flakyTests(control.state.queue.flaky),
  label: ({ check, test }) => ({
    label: plain(test ?? check),
    description: test === null ? '' : plain(check),
  }),
};

export const convoys: Kind<Convoy> = {
  of: (rig, subject) => {
    const { state } = rig.control;
    if (subject.kind === 'convoy') return state.convoys[subject.convoy];
    const id = beads.of(rig, subject)?.convoy ?? null;
    return id === null ? undefined : state.convoys[id];
  },
  all: ({ control }) => Object.values(control.state.convoys).filter((one) => one.closedAt === null),
  label: (convoy) => ({ label: plain(convoy.title), description: convoy.id }),
};

/** Unanswered questions of one kind, or some; `anyPlace`: also those that only their terminal can answer by now. */
export function asks(
  kind: Ask['subject']['kind'] | readonly Ask['subject']['kind'][],
  anyPlace = false,
): Kind<Ask> {
  const kinds = [kind].flat();
  const fits = (ask: Ask): boolean =>
    kinds.includes(ask.subject.kind) && ask.answer === null && (anyPlace || !ask.onScreen);
  return {
    of: (rig, subject) => {
      const { state } = rig.control;
      if (subject.kind === 'ask') {
        const ask = state.asks[subject.ask];
        return ask !== undefined && fits(ask) ? ask : undefined;
      }
      const bead = beads.of(rig, subject)?.id;
      return bead === undefined
        ? undefined
        : Object.values(state.asks).find((ask) => fits(ask) && ask.bead === bead);
    },
    all: ({ control }) => Object.values(control.state.asks).filter(fits),
    label: (ask, { control, name }) => ({
      label: plain(
        wordsOf(ask.subject) ??
          (ask.bead === null ? undefined : control.state.beads[ask.bead]?.title) ??
          name,
      ),
      description: ask.bead ?? name,
    }),
  };
}

/** What is asked, where the bead's title would not tell one question from the next. */
function wordsOf(subject: Ask['subject']): string | null {
  if (subject.kind === 'permission') return subject.detail;
  return subject.kind === 'question' ? subject.question : null;
}

export const rigs: Kind<OpenRig> = {
  of: (rig) => rig,
  all: (rig) => [rig],
  label: (rig) => ({ label: plain(rig.name), description: plain(rig.folder) }),
};

/** Words for when there is nothing to choose from, and above the choice. */
export interface Wanted<T> {
  readonly title: string;
  readonly nothing: string;
  readonly fits?: (it: T, state: RigState) => boolean;
  /** Take the only one there is without asking: for what shows or asks again itself. */
  readonly takeOnly?: boolean;
}

/** What a command was called about; asks when it was called about nothing. Null: told, or called off. */
export async function target<T>(
  tools: Tools,
  args: readonly unknown[],
  kind: Kind<T>,
  wanted: Wanted<T>,
): Promise<Target<T> | null> {
  const fits = wanted.fits ?? (() => true);
  const subject = subjectOfCall(tools, args[0]);
  const open = openRigs(tools);
  if (subject !== null) {
    const rig = open.find((one) => rigKey(one) === subject.rig);
    const it = rig === undefined ? undefined : kind.of(rig, subject);
    if (rig !== undefined && it !== undefined && fits(it, rig.control.state)) return { rig, it };
    tell(wanted.nothing);
    return null;
  }
  return chooseFrom(
    open.flatMap((rig) =>
      kind
        .all(rig)
        .filter((it) => fits(it, rig.control.state))
        .map((it) => ({ rig, it })),
    ),
    kind,
    wanted,
  );
}

export function openRigs({ town }: { readonly town: Pick<Tools['town'], 'rigs'> }): readonly OpenRig[] {
  return town.rigs.filter((rig) => rig.kind === 'open');
}

async function chooseFrom<T>(
  all: readonly Target<T>[],
  kind: Kind<T>,
  wanted: Wanted<T>,
): Promise<Target<T> | null> {
  if (all.length === 0) {
    tell(wanted.nothing);
    return null;
  }
  const [only] = all;
  if (wanted.takeOnly === true && all.length === 1 && only !== undefined) return only;
  const items = all.map((one) => ({ ...kind.label(one.it, one.rig), one }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: wanted.title,
    matchOnDescription: true,
  });
  return chosen?.one ?? null;
}

/** A row, a plain subject, one of our documents, or the one that is open right now. */
function subjectOfCall(tools: Tools, argument: unknown): Subject | null {
  if (argument instanceof vscode.Uri) return subjectOfUri(argument) ?? tools.diffs.current();
  const given = parseSubject(argument);
  if (given !== null || argument !== undefined) return given;
  const active = vscode.window.activeTextEditor?.document.uri;
  return tools.diffs.current() ?? (active === undefined ? null : subjectOfUri(active));
}

/** Documents about one bead. */
const ofBeads: readonly string[] = [schemes.bead, schemes.wording, schemes.attempts, schemes.evidence];

function subjectOfUri(uri: vscode.Uri): Subject | null {
  if (ofBeads.includes(uri.scheme)) return beadOfUri(uri);
  return uri.scheme === schemes.file ? subjectOfFile(uri) : null;
}
