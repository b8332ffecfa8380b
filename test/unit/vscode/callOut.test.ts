import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Ask, AskSubject } from '../../../src/town/ask.ts';
import type { Need } from '../../../src/town/needsYou.ts';
import { type ReasonCode, reason } from '../../../src/town/reason.ts';
import { type Call, buttons, callOf, isCalledOut } from '../../../src/vscode/needs/callOut.ts';
import { noAgents } from '../../../src/vscode/townAgents.ts';
import { rigViews } from '../../../src/vscode/trees/view.ts';
import { plainEnglish } from '../../../src/words/translate.ts';
import { polecatId } from '../../../src/town/ids.ts';
import { FakeControl } from '../../fakes/fakeControl.ts';
import { FakeTown } from '../../fakes/fakeTown.ts';
import { Scene, askId } from '../../fakes/scene.ts';

const now = 1_000_000;
const polecat = polecatId('nux', 1);
const stuck = (code: ReasonCode): AskSubject => ({ kind: 'stuck', polecat, reason: reason(code) });
const permission: AskSubject = { kind: 'permission', polecat, token: 1, tool: 'run', detail: 'make' };

async function called(subject: AskSubject, ask: Partial<Ask> = {}, elsewhere = false): Promise<Call> {
  const control = new FakeControl();
  await new Scene(control).open();
  const town = new FakeTown().add('almanac', control);
  town.rigs = town.rigs.map((rig) => (rig.kind === 'open' ? { ...rig, elsewhere } : rig));
  const view = {
    rigs: town.rigs,
    t: plainEnglish,
    now,
    sentence: () => '',
    clock: () => '',
    agents: noAgents,
  };
  const [rig] = rigViews(view);
  ok(rig);
  const whole: Ask = {
    id: askId(1),
    bead: null,
    subject,
    raisedAt: now,
    deadline: now + 1,
    answer: null,
    reply: null,
    answeredAt: null,
    onScreen: false,
    ...ask,
  };
  const need: Need = { kind: 'ask', ask: whole, since: whole.raisedAt, deadline: whole.deadline };
  return callOf(rig, need);
}

describe('A person', () => {
  it('who looks at the window is not called for what they see there', async () => {
    equal(isCalledOut(await called(permission), true, now), false);
  });

  it('who looks elsewhere is called when an agent waits for them', async () => {
    const question: AskSubject = { kind: 'question', polecat, token: 1, question: 'Which?' };
    const login: AskSubject = {
      kind: 'attention',
      polecat,
      token: 1,
      reason: reason('agent_needs_login'),
    };
    for (const subject of [permission, question, login, stuck('agent_died')])
      equal(isCalledOut(await called(subject), false, now), true, subject.kind);
  });

  it('is called for what is overdue wherever they look, and not for what can wait', async () => {
    const checks: AskSubject = { kind: 'checks', definitions: [], hash: 'x' };
    equal(isCalledOut(await called(checks), false, now), false);
    equal(isCalledOut(await called(checks, { deadline: now - 1 }), true, now), true);
  });

  it('who closed a terminal is asked at once what becomes of the work', async () => {
    equal(isCalledOut(await called(stuck('terminal_closed')), true, now), true);
  });

  it('is called by the window that the agents work in, and by no other', async () => {
    equal(isCalledOut(await called(permission, {}, true), false, now), false);
  });

  it('is called again, with another button, once the vendor asks on its own screen', async () => {
    const before = await called(permission);
    const after = await called(permission, { onScreen: true });
    ok(before.id !== after.id);
    deepEqual(buttons[after.what], ['rigs.showTerminal']);
  });
});
