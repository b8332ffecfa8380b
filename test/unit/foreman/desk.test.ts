import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AgentDesk } from '../../../src/foreman/desk.ts';
import type { Control, Wish } from '../../../src/foreman/control.ts';
import { polecatId } from '../../../src/town/ids.ts';
import type { AskId } from '../../../src/town/ids.ts';
import { ManualClock } from '../../fakes/manualClock.ts';

const nux = { polecat: polecatId('nux', 1), token: 7 };

/** A rig in which a done is being proven for ever, and that counts who listens to it. */
function provingRig() {
  const listening = new Set<() => void>();
  const wishes: Wish[] = [];
  const control = {
    state: {
      polecats: { [nux.polecat]: { bead: 'gt-aaaaa', claim: 'said', session: { token: nux.token } } },
      beads: { 'gt-aaaaa': { status: 'reviewing' } },
      asks: {},
    },
    wish: (wish: Wish) => {
      wishes.push(wish);
      return Promise.resolve({ ok: true });
    },
    onChange: (listener: () => void) => {
      listening.add(listener);
      return () => listening.delete(listener);
    },
  };
  const parts = {
    control: control as unknown as Control,
    places: { claim: () => 'nowhere' },
    clock: new ManualClock(),
  };
  const desk = new AgentDesk(parts as unknown as ConstructorParameters<typeof AgentDesk>[0]);
  return { desk, listening, wishes };
}

describe('the desk, when the agent that waits for its answer hangs up', () => {
  const asked = {
    'a done': (desk: AgentDesk, signal: AbortSignal) => desk.done(nux, 'Added it.', 'said', signal),
    'a question': (desk: AgentDesk, signal: AbortSignal) =>
      desk.permission(nux, 'ak-12345' as AskId, 'run', 'make', signal),
  };

  for (const [words, ask] of Object.entries(asked)) {
    it(`takes ${words} and waits no longer for what comes of it`, async () => {
      const { desk, listening, wishes } = provingRig();
      for (let nth = 1; nth <= 3; nth += 1) {
        const gone = new AbortController();
        const answer = ask(desk, gone.signal);
        await new Promise(setImmediate);
        assert.equal(listening.size, 1);
        gone.abort(new Error('hung up'));
        await assert.rejects(answer, /hung up/);
        assert.equal(listening.size, 0);
        assert.equal(wishes.length, nth);
      }
    });

    it(`takes ${words} of one that was gone before it was written down`, async () => {
      const { desk, listening, wishes } = provingRig();
      await assert.rejects(ask(desk, AbortSignal.abort(new Error('hung up'))), /hung up/);
      assert.equal(listening.size, 0);
      assert.equal(wishes.length, 1);
    });
  }
});

describe('the desk, when an agent asks for its task', () => {
  const seatOf = (runner: string) => ({ runner, provider: 'claude', tank: 'claude', model: 'm' });
  async function keyFor(runner: string): Promise<string> {
    const session = { token: nux.token, seat: seatOf(runner), purpose: 'begin', feedback: null };
    const polecat = {
      name: 'nux',
      bead: 'gt-aaaaa',
      branch: 'b',
      worktree: '/w',
      session,
      conversations: {},
    };
    const bead = { id: 'gt-aaaaa', title: 't', description: '', type: 'test', criteria: [], touches: [] };
    const state = { rig: null, polecats: { [nux.polecat]: polecat }, beads: { 'gt-aaaaa': bead }, asks: {} };
    const parts = {
      clock: new ManualClock(),
      control: { state },
      places: { transcript: () => path.join(tmpdir(), 'x.jsonl') },
      agents: { access: () => Promise.resolve({ ...seatOf(runner), baseUrl: null, apiKey: 'secret' }) },
      settings: () => ({ allowedCommands: [] }),
    };
    const desk = new AgentDesk(parts as unknown as ConstructorParameters<typeof AgentDesk>[0]);
    return (await desk.task(nux)).access.apiKey;
  }

  it('gives the built-in one its key, and a vendor’s, which has its own login, none', async () => {
    assert.equal(await keyFor('worker'), 'secret');
    assert.equal(await keyFor('claude-code'), '');
  });
});
