import * as vscode from 'vscode';
import type { Ask, AskAnswer } from '../../town/ask.ts';
import { commands } from '../contract.ts';
import { showAsk } from '../documents/askDocument.ts';
import { confirmed } from '../say.ts';
import { rigKey } from '../subject.ts';
import { type Kind, asks, beads, target } from '../targets.ts';
import { plain, withoutMarkup } from '../text.ts';
import type { Handler, Handlers, Tools } from '../tools.ts';

type Names = 'allow' | 'alwaysAllow' | 'deny' | 'showRequest' | 'answerQuestion' | 'resumeWork' | 'giveUp';

/** Answers to what *Needs You* shows. */
export function askCommands(tools: Tools): Handlers<(typeof commands)[Names]> {
  const answer =
    (kinds: readonly Ask['subject']['kind'][], title: string, given: AskAnswer): Handler =>
    async (...args) => {
      const nothing = kinds.includes('permission')
        ? vscode.l10n.t('No agent asks for permission.')
        : vscode.l10n.t('No work stands still.');
      const found = await target(tools, args, asks(kinds), { title, nothing });
      if (found === null) return;
      await tools.wish(found.rig.control, { type: 'answerAsk', ask: found.it.id, answer: given });
    };
  return {
    [commands.allow]: answer(['permission', 'moveOn', 'budget'], vscode.l10n.t('Allow'), 'allow'),
    [commands.alwaysAllow]: answer(['permission'], vscode.l10n.t('Always Allow in This Rig'), 'always'),
    [commands.deny]: answer(['permission', 'moveOn', 'budget'], vscode.l10n.t('Deny'), 'deny'),
    [commands.resumeWork]: answer(['stuck'], vscode.l10n.t('Resume Work'), 'retry'),
    [commands.giveUp]: async (...args) => {
      await giveUp(tools, args);
    },
    [commands.answerQuestion]: async (...args) => {
      await answerQuestion(tools, args);
    },
    [commands.showRequest]: async (...args) => {
      const found = await target(tools, args, requestsInWords, {
        title: vscode.l10n.t('Show Request'),
        nothing: vscode.l10n.t('No agent asks for anything.'),
        takeOnly: true,
      });
      if (found !== null) await showAsk(rigKey(found.rig), found.it.id);
    },
  };
}

async function giveUp(tools: Tools, args: readonly unknown[]): Promise<void> {
  const found = await target(tools, args, asks('stuck'), {
    title: vscode.l10n.t('Give Up'),
    nothing: vscode.l10n.t('No work stands still.'),
  });
  if (found === null) return;
  const { rig, it } = found;
  const label = beads.of(rig, { kind: 'ask', rig: '', ask: it.id })?.title ?? it.id;
  const yes = await confirmed(
    vscode.l10n.t('Give up on “{title}”?', { title: withoutMarkup(label) }),
    vscode.l10n.t(
      'The bead ends as failed. Its work stays on its branch; Retry Bead starts anew, without that work.',
    ),
    vscode.l10n.t('Give Up'),
  );
  if (yes) await tools.wish(rig.control, { type: 'answerAsk', ask: it.id, answer: 'dismiss' });
}

/** What agents ask in words of their own, wherever it can be answered. */
const permissionsAnywhere = asks('permission', true);
const questions = asks('question');
const requestsInWords: Kind<Ask> = {
  of: (rig, subject) => permissionsAnywhere.of(rig, subject) ?? questions.of(rig, subject),
  all: (rig) => [...permissionsAnywhere.all(rig), ...questions.all(rig)],
  label: permissionsAnywhere.label,
};

async function answerQuestion(tools: Tools, args: readonly unknown[]): Promise<void> {
  const found = await target(tools, args, questions, {
    title: vscode.l10n.t('Answer a Question'),
    nothing: vscode.l10n.t('No agent asks a question.'),
    takeOnly: true,
  });
  if (found?.it.subject.kind !== 'question') return;
  const { rig, it } = found;
  const { polecat, question } = found.it.subject;
  const reply = await vscode.window.showInputBox({
    title: vscode.l10n.t('Answer {polecat}', {
      polecat: withoutMarkup(rig.control.state.polecats[polecat]?.name ?? polecat),
    }),
    prompt: plain(question, 1000),
    placeHolder: vscode.l10n.t('Your words go to the agent as they are'),
    ignoreFocusOut: true,
  });
  if (reply === undefined || reply.trim() === '') return;
  await tools.wish(rig.control, { type: 'answerAsk', ask: it.id, answer: 'reply', reply: reply.trim() });
}
