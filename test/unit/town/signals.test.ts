import assert from 'node:assert/strict';
import type { BeadId } from '../../../src/town/ids.ts';
import type { Doing, DoingKind } from '../../../src/town/polecat.ts';
import { Scene } from './scene.ts';
import * as say from './words.ts';

const claude = { runner: 'claude-code', provider: 'claude', tank: 'claude-code', model: 'c' };
const codex = { runner: 'codex', provider: 'codex', tank: 'codex', model: 'x' };

describe("a vendor's agent", () => {
  let town: Scene;
  let bead: BeadId;

  beforeEach(() => {
    town = new Scene();
    town.seats = [claude, codex];
    [bead] = town.convoy([{}]) as [BeadId];
    town.atWork(bead);
  });

  function seen(kind: DoingKind, more: Partial<Doing> = {}): void {
    const doing = { kind, until: null, detail: null, ...more };
    town.tell({ ...town.who(bead), type: 'sawAgent', doing, ask: town.drawAsk() });
  }

  function endsTurn(): void {
    town.tell({ ...town.who(bead), type: 'endTurn', ask: town.drawAsk() });
  }

  const talks = (conversation: string): void =>
    void town.tell({ ...town.who(bead), type: 'sawConversation', conversation });

  describe('that meets the limit of its account', () => {
    it('makes way, and its bead goes on in the same session at the reset, not before', () => {
      talks('s-1');
      const until = town.now + 60_000;
      seen('limited', { until });
      assert.deepEqual(town.due(), ['attend', 'endSession']);
      town.ended(bead, { code: 143 });
      assert.equal(town.bead(bead).deaths, 0);
      assert.equal(town.why(bead).code, 'agent_limited');
      town.tick();
      assert.equal(town.polecat(bead).session, null);
      town.now = until;
      town.tick();
      assert.deepEqual(
        [town.polecat(bead).session?.seat.runner, town.polecat(bead).conversations['claude-code']],
        ['claude-code', 's-1'],
      );
    });

    it('keeps further beads out of that account until then, and lets others take them', () => {
      seen('limited', { until: town.now + 60_000 });
      town.ended(bead, { code: 0 });
      const [next] = town.convoy([{}]) as [BeadId];
      town.tick();
      assert.equal(town.polecat(next).seat.tank, 'codex');
      town.seats = [claude];
      const [third] = town.convoy([{}]) as [BeadId];
      town.tick();
      assert.deepEqual([town.bead(third).status, town.why(third).code], ['queued', 'agent_limited']);
    });

    it('of which a past reset is told is not tried again at once, and a far one holds nothing for ever', () => {
      seen('limited', { until: town.now - 60_000 });
      town.ended(bead, { code: 0 });
      town.now += 60_000;
      town.tick();
      assert.equal(town.polecat(bead).session, null);
      town.now += 5 * 60_000;
      town.tick();
      town.started(bead);
      seen('limited', { until: town.now * 1_000 });
      assert.ok((town.polecat(bead).limit?.until ?? 0) < town.now + 9 * 24 * 60 * 60_000);
    });

    it('holds up nobody who goes on with another account, not after a death there either', () => {
      seen('limited', { until: town.now + 600_000 });
      town.ended(bead, { code: 0 });
      town.tell({ type: 'continueWith', bead, provider: 'codex' });
      town.tick();
      town.started(bead);
      town.ended(bead, { how: 'signalled', signal: 'SIGKILL' });
      town.tick();
      assert.equal(town.polecat(bead).session?.seat.runner, 'codex');
    });

    it('is not launched into again while the account that a person chose has no seat', () => {
      seen('limited', { until: town.now + 600_000 });
      town.ended(bead, { code: 0 });
      town.tell({ type: 'continueWith', bead, provider: 'nobody' });
      town.tick();
      assert.equal(town.polecat(bead).session, null);
    });

    it('waits alone while its vendor is overloaded: its account has as much as before', () => {
      seen('overloaded', { until: town.now + 60_000 });
      town.ended(bead, { code: 0 });
      town.seats = [claude];
      const [next] = town.convoy([{}]) as [BeadId];
      town.tick();
      assert.equal(town.why(bead).code, 'vendor_overloaded');
      assert.deepEqual([town.polecat(bead).session, town.polecat(next).seat.tank], [null, claude.tank]);
      town.now += 60_000;
      town.tick();
      assert.equal(town.polecat(bead).state, 'starting');
    });

    it('is tried again after a while when nobody said until when', () => {
      seen('limited');
      town.ended(bead, { code: 0 });
      town.now += 6 * 60_000;
      town.tick();
      assert.equal(town.polecat(bead).state, 'starting');
    });
  });

  describe('that ends its turn without saying done', () => {
    it('is told so twice; then a person is asked, and it stays at its prompt', () => {
      for (const reminders of [1, 2]) {
        endsTurn();
        assert.deepEqual([town.bead(bead).reminders, town.openAsks().length], [reminders, 0]);
      }
      endsTurn();
      endsTurn();
      assert.equal(town.ask().subject.kind, 'stuck');
      assert.equal(town.polecat(bead).state, 'working');
    });

    it('needs no person any more once it works again, as when they told it so in its terminal', () => {
      for (let nth = 0; nth < 3; nth += 1) endsTurn();
      seen('idle');
      assert.equal(town.openAsks().length, 1);
      seen('working');
      assert.equal(town.openAsks().length, 0);
    });

    it('goes on in a session of its own when a person says Retry', () => {
      for (let nth = 0; nth < 3; nth += 1) endsTurn();
      town.tell(say.answer(town.ask().id, 'retry'));
      assert.deepEqual(town.due(), ['attend', 'endSession']);
      town.ended(bead, { code: 143 });
      town.tick();
      assert.equal(town.polecat(bead).session?.purpose, 'resume');
    });

    it('is let go when its bead is in the merge queue', () => {
      town.saysDone(bead);
      endsTurn();
      assert.deepEqual(town.due(), ['attend', 'proveDone']);
      town.proven(bead);
      endsTurn();
      assert.ok(town.due().includes('endSession'));
      town.ended(bead, { code: 0 });
      assert.deepEqual([town.polecat(bead).state, town.bead(bead).status], ['resting', 'merging']);
    });
  });

  it('that still sits there when its work comes back from the queue goes on in a session that knows why', () => {
    town.saysDone(bead);
    town.proven(bead);
    town.notProven(bead);
    endsTurn();
    town.ended(bead, { code: 143 });
    town.tick();
    const { session } = town.polecat(bead);
    assert.deepEqual([session?.purpose, session?.feedback?.code], ['revise', 'landing_conflict']);
    assert.equal(town.bead(bead).reminders, 0);
  });

  it('that only ends after a done that was refused is reminded of what was missing, and not twice for it', () => {
    town.saysDone(bead);
    town.missing(bead, 'check_failed');
    town.ended(bead, { code: 76 });
    town.tick();
    const { session } = town.polecat(bead);
    assert.deepEqual([session?.purpose, session?.feedback?.code], ['remind', 'check_failed']);
    assert.deepEqual([town.bead(bead).reminders, town.bead(bead).deaths], [1, 0]);
  });

  describe('that needs a person at its terminal', () => {
    for (const [kind, code] of [
      ['login', 'agent_needs_login'],
      ['dialog', 'agent_shows_dialog'],
      ['silent', 'agent_silent'],
      ['permission', 'agent_shows_dialog'],
    ] as const)
      it(`is put before them (${kind}), once, until it goes on`, () => {
        seen(kind);
        seen(kind);
        assert.equal(town.openAsks().length, 1);
        assert.equal(town.why(bead).code, code);
        assert.equal(town.refused(say.answer(town.ask().id, 'retry')), 'invalid');
        seen('working');
        assert.equal(town.openAsks().length, 0);
      });

    it('is not asked about twice when its permission waits in Needs You already', () => {
      const ask = town.drawAsk();
      town.tell({ ...town.who(bead), type: 'askPermission', ask, tool: 'run', detail: 'make' });
      seen('permission');
      assert.equal(town.ask().id, ask);
    });

    it('has its permission answered on its own screen once nobody answered in time', () => {
      const ask = town.drawAsk();
      town.tell({ ...town.who(bead), type: 'askPermission', ask, tool: 'run', detail: 'make' });
      town.tell({ type: 'leaveToScreen', ask });
      assert.equal(town.refused(say.answer(ask, 'allow')), 'not_now');
      seen('working');
      assert.equal(town.openAsks().length, 1, 'another call of it may have run');
      town.tell({ type: 'leaveToScreen', ask, over: true });
      assert.equal(town.openAsks().length, 0);
    });

    it('has nothing open at its screen at the end of its turn, as after a no', () => {
      const ask = town.drawAsk();
      town.tell({ ...town.who(bead), type: 'askPermission', ask, tool: 'run', detail: 'make' });
      seen('idle');
      assert.equal(town.openAsks().length, 0);
    });

    it('leaves nothing to look at behind when it ends', () => {
      seen('login');
      town.ended(bead, { code: 1 });
      assert.equal(town.openAsks().length, 0);
    });
  });

  describe('that asks a person something', () => {
    it('has their words, and its turn may end meanwhile', () => {
      const ask = town.drawAsk();
      town.tell({ ...town.who(bead), type: 'askQuestion', ask, question: 'Tabs?' });
      endsTurn();
      assert.equal(town.bead(bead).reminders, 0);
      assert.equal(town.why(bead).code, 'agent_asks');
      assert.equal(town.refused({ type: 'answerAsk', ask, answer: 'reply', reply: ' ' }), 'empty');
      town.tell({ type: 'answerAsk', ask, answer: 'reply', reply: 'Spaces.' });
      assert.equal(town.state.asks[ask]?.reply, 'Spaces.');
    });

    it('is the same question when it is asked again after a reload, and no other one', () => {
      const ask = town.drawAsk();
      const asked = { ...town.who(bead), type: 'askQuestion', ask, question: 'Tabs?' } as const;
      town.tell(asked);
      assert.deepEqual(town.tell(asked), []);
      assert.equal(town.refused({ ...asked, question: 'Spaces?' }), 'already_exists');
    });
  });

  describe('whose work goes to another', () => {
    it('makes way for the vendor a person chose, in the same worktree', () => {
      const { worktree, id } = town.polecat(bead);
      town.tell({ type: 'continueWith', bead, provider: 'codex' });
      town.ended(bead, { how: 'signalled', signal: 'SIGTERM' });
      town.tick();
      const after = town.polecat(bead);
      assert.deepEqual([after.id, after.worktree, after.session?.seat.runner], [id, worktree, 'codex']);
      assert.equal(town.bead(bead).deaths, 0);
    });

    it('goes on with that vendor also when it had died for good before', () => {
      for (let nth = 0; nth < 2; nth += 1) {
        town.ended(bead, { how: 'signalled', signal: 'SIGKILL' });
        town.tick();
        if (town.polecat(bead).state === 'starting') town.started(bead);
      }
      assert.equal(town.ask().subject.kind, 'stuck');
      town.tell({ type: 'continueWith', bead, provider: 'codex' });
      assert.equal(town.openAsks().length, 0);
      town.tick();
      assert.equal(town.polecat(bead).session?.seat.runner, 'codex');
    });

    it('begins a fresh session with its checkpoint when it hands off itself', () => {
      talks('s-1');
      const note = { id: 'n-1', kind: 'checkpoint', text: 'Half of it stands.' } as const;
      town.tell({ ...town.who(bead), type: 'handOff', note });
      town.ended(bead, { code: 0 });
      town.tick();
      const { session, conversations, notes } = town.polecat(bead);
      assert.deepEqual(
        [session?.purpose, conversations, notes.map((one) => one.text)],
        ['resume', {}, ['Half of it stands.']],
      );
      assert.equal(town.bead(bead).reminders, 0);
    });

    it('begins that fresh session also when the old one still tells its id', () => {
      const note = { id: 'n-1', kind: 'checkpoint', text: 'Half of it stands.' } as const;
      town.tell({ ...town.who(bead), type: 'handOff', note });
      talks('s-1');
      assert.deepEqual(town.polecat(bead).conversations, {});
    });

    it('is not moved while what it did is being proven', () => {
      town.saysDone(bead);
      assert.equal(town.refused({ type: 'continueWith', bead, provider: 'codex' }), 'not_now');
    });
  });

  it('keeps a note once, however often it is said, and forgets a checkpoint on its word', () => {
    const note = { id: 'n-1', kind: 'checkpoint', text: 'a' } as const;
    town.tell({ ...town.who(bead), type: 'noteWork', note });
    assert.deepEqual(town.tell({ ...town.who(bead), type: 'noteWork', note }), []);
    town.tell({ ...town.who(bead), type: 'noteWork', note: { id: 'n-2', kind: 'note', text: 'b' } });
    town.tell({ ...town.who(bead), type: 'forgetCheckpoint' });
    assert.deepEqual(
      town.polecat(bead).notes.map((one) => one.text),
      ['b'],
    );
  });

  it('that is seen again doing the same changes nothing, and what is seen late is refused', () => {
    seen('working');
    const doing = { kind: 'working', until: null, detail: null } as const;
    const again = { ...town.who(bead), type: 'sawAgent', doing, ask: town.drawAsk() } as const;
    assert.deepEqual(town.tell(again), []);
    town.ended(bead, { how: 'signalled', signal: 'SIGKILL' });
    town.tick();
    assert.equal(town.refused({ ...again, doing: { ...doing, kind: 'idle' } }), 'late_report');
  });
});

describe('a convoy', () => {
  it('takes in beads that exist, and closes when the last open one leaves it', () => {
    const town = new Scene();
    const [first, second] = town.convoy([{}, {}]) as [BeadId, BeadId];
    const of = (one: BeadId): string | null => town.bead(one).convoy;
    const old = of(first);
    const convoy = say.convoyId(99);
    const made = { title: 'mine', landing: 'review', held: false, beads: [] } as const;
    town.tell({ type: 'createConvoy', convoy, ...made, takes: [first] });
    assert.deepEqual([of(first), of(second)], [convoy, old]);
    town.tell({ type: 'fileBead', bead: second, convoy: null });
    assert.equal(of(second), null);
    assert.notEqual(town.state.convoys[old as never]?.closedAt, null);
    assert.equal(town.refused({ type: 'createConvoy', ...made, convoy: say.convoyId(98) }), 'empty');
  });
});
