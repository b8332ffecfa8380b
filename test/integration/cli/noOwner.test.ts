import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Leaving } from '../../../src/gateway/outbox.ts';
import { takeUpOutbox } from '../../../src/gateway/takeUpOutbox.ts';
import { DeskError, type Intake } from '../../../src/ports/desk.ts';
import { RealRig } from './fixtures.ts';

describe('rigs where no window runs the rig', () => {
  let rig: RealRig;
  beforeEach(async () => {
    rig = await RealRig.make();
  });
  afterEach(() => rig.remove());

  const kept = async (): Promise<number> => {
    const names = await readdir(join(rig.state, 'spool', 'outbox')).catch(() => []);
    return names.filter((name) => name.endsWith('.json')).length;
  };

  /** A window comes and takes up what was kept; resolves with what its desk was told. */
  async function takeUp(): Promise<readonly unknown[]> {
    const told: unknown[] = [];
    const hear =
      (what: string) =>
      (_: unknown, ...words: readonly unknown[]) => {
        told.push([what, ...words]);
        return Promise.resolve();
      };
    const desk: Intake = {
      prepareDone: (_, summary) =>
        Promise.resolve(() => {
          told.push(['done', summary]);
          return Promise.resolve();
        }),
      usage: hear('usage'),
      note: hear('note'),
      handOff: hear('handOff'),
      split: async (_, __, drafts) => {
        told.push(['split', drafts.map(({ title }) => title)]);
        return Promise.resolve([]);
      },
    };
    const { control } = rig.bench;
    await takeUpOutbox({
      home: rig.home,
      tokens: rig.tokens,
      desk,
      control,
      notices: { post: () => undefined },
      now: () => control.now,
    });
    return told;
  }

  it('reads what it left on disk', async () => {
    const { code, out } = await rig.rigs('status');
    assert.equal(code, 0);
    assert.match(out, /no window runs the rig/);
    const { out: json } = await rig.rigs('bead list --json');
    const beads = JSON.parse(json) as { title: string }[];
    assert.deepEqual(
      beads.map(({ title }) => title),
      ['One', 'Two'],
    );
    for (const line of ['convoy show cv-00001', 'sessions', 'rig list', 'tank list', 'hook', 'feed --once'])
      assert.equal((await rig.rigs(line)).code, 0, line);
    assert.match((await rig.rigs('feed')).err, /nothing more will come/);
  });

  it('answers wishes with 3 and what to do', async () => {
    const wishes = [
      ...['bead cancel gt-00001', 'foreman start', 'rig park', 'convoy pause cv-00001', 'goal plan x'],
      ...['goal execute x --yes', 'provider list', 'rig add .', 'sling x', 'tank refresh'],
    ];
    for (const line of wishes) {
      const { code, err } = await rig.rigs(line);
      assert.equal(code, 3, `${line}: ${err}`);
      assert.match(err, /in VS Code/, line);
    }
  });

  it('keeps a person’s new bead, which the next window takes up once', async () => {
    const { code, out } = await rig.rigs(['bead', 'create', 'Kept for later']);
    assert.equal(code, 0);
    assert.match(out, /Kept: no window runs the rig now/);
    assert.equal(await kept(), 1);
    await takeUp();
    await takeUp();
    const made = Object.values(rig.bench.control.state.beads).filter(
      ({ title }) => title === 'Kept for later',
    );
    assert.equal(made.length, 1);
    assert.equal(await kept(), 0);
  });

  it('keeps what agents say, which the next window takes up once and in order', async () => {
    const env = await rig.agentEnv();
    const said = [
      ['checkpoint', 'write', '--notes', 'Half way.'],
      ['bead', 'create', 'Beside mine'],
      ['handoff', 'The tests are left.'],
      ['done', '--summary', 'All of it.'],
    ];
    for (const line of said) {
      const { code, out } = await rig.rigs(line, { env });
      assert.equal(code, 0);
      assert.match(out, /^Kept: no window runs the rig now/);
    }
    assert.equal(await kept(), 4);
    const told = (await takeUp()).map((one) => JSON.stringify(one));
    assert.equal(told.length, 4);
    for (const [at, word] of ['Half way.', 'Beside mine', 'The tests are left.', 'All of it.'].entries())
      assert.ok(told[at]?.includes(word), `${word}: ${String(told[at])}`);
    assert.deepEqual(await takeUp(), []);
  });

  it('keeps what an agent says while the memory cannot be written', async () => {
    await rig.openWindow();
    const env = await rig.agentEnv();
    rig.bench.refuses = new DeskError('unavailable', 'The rig is read-only.');
    const { code, out } = await rig.rigs('handoff later', { env });
    assert.deepEqual([code, out.startsWith('Kept')], [0, true]);
    assert.equal(await kept(), 1);
  });

  it('keeps what an agent says when the window fails to answer', async () => {
    await rig.openWindow(() => Promise.reject(new Error('broken')));
    rig.bench.refuses = new Error('broken too');
    const { code, out } = await rig.rigs('handoff later', { env: await rig.agentEnv() });
    assert.deepEqual([code, out.startsWith('Kept')], [0, true]);
    assert.equal(await kept(), 1);
  });

  it('keeps what an agent says when it is interrupted, and says so', async () => {
    const env = { ...(await rig.agentEnv()), RIGS_PATIENCE: '30' };
    const signal = AbortSignal.abort(new Leaving());
    for (const line of ['checkpoint write --notes half', 'handoff later', 'done --summary x']) {
      const { code, err } = await rig.rigs(line, { env, signal });
      assert.deepEqual([code, err.startsWith('Kept')], [130, true], err);
    }
    assert.equal(await kept(), 3);
  });

  it('ends with 130 when it is interrupted, and says that it does not know', async () => {
    await rig.openWindow();
    await rig.closeWindow();
    const played = { env: { RIGS_PATIENCE: '30' }, signal: AbortSignal.abort(new Leaving()) };
    const { code, err } = await rig.rigs('bead cancel gt-00001', played);
    assert.equal(code, 130);
    assert.match(err, /^Interrupted/);
    assert.equal(await kept(), 0);
  });

  it('lets an agent say nothing of another’s bead, and nobody with a token of another rig', async () => {
    const env = await rig.agentEnv();
    assert.equal((await rig.rigs('done gt-00002', { env })).code, 1);
    assert.equal((await rig.rigs('foreman stop', { env })).code, 1);
    assert.match((await rig.rigs('done', { env: { ...env, RIGS_TOKEN: 'x' } })).err, /not known here/);
    assert.equal(await kept(), 0);
  });
});
