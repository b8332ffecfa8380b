import assert from 'node:assert/strict';
import type { Agent } from '../../../src/gateway/tokens.ts';
import type { Polecat } from '../../../src/town/polecat.ts';
import { Bench, agentOf } from './fixtures.ts';

const call = '0b0e7f6e-0000-4000-8000-000000000001';

describe('An agent at the rigs command', () => {
  let bench: Bench;
  let polecat: Polecat;
  let agent: Agent;
  let other: Polecat;
  beforeEach(async () => {
    bench = new Bench();
    await bench.scene.open();
    await bench.scene.convoy('Goal', [{ title: 'One' }, { title: 'Two' }]);
    const [first, second] = await bench.scene.start();
    assert.ok(first !== undefined && second !== undefined);
    [polecat, other] = [first, second];
    agent = agentOf(polecat);
  });

  it('says done of its own bead, under the id of the command', async () => {
    const line = `done ${polecat.bead} --branch ${polecat.branch} --summary`;
    assert.match(
      (await bench.run([...line.split(' '), 'All of it.'], { id: call }, agent)).out,
      /The desk’s answer/,
    );
    assert.deepEqual(bench.done.desk, [['done', 'All of it.', call]]);
    await bench.ok('done --summary -', { id: call, stdin: 'From stdin.' }, agent);
    assert.deepEqual(bench.done.desk[1], ['done', 'From stdin.', call]);
  });

  it('is told what is missing with an exit code that says so', async () => {
    bench.accepted = false;
    assert.match(await bench.fails(1, 'done', agent), /The desk’s answer/);
  });

  it('cannot say it of another’s bead or branch', async () => {
    assert.match(
      await bench.fails(1, `done ${other.bead}`, agent),
      new RegExp(`not yours: you hold ${polecat.bead}`),
    );
    assert.match(await bench.fails(1, `done --branch ${other.branch}`, agent), new RegExp(polecat.branch));
    assert.match(await bench.fails(2, 'done --status escalated', agent), /completed/);
    assert.deepEqual(bench.done.desk, []);
  });

  it('may change nothing of a person’s', async () => {
    const persons = [
      ...['bead edit gt-00001 --title x', 'bead retry gt-00001', 'convoy pause cv-00001', 'goal plan x'],
      ...['goal execute x --yes', 'foreman start', 'foreman stop', 'rig park', 'rig add .', 'sling x'],
      ...['provider disable claude', 'tank refresh', 'attach nux', 'init'],
    ];
    for (const line of persons) assert.match(await bench.fails(1, line, agent), /person’s to say/, line);
    assert.deepEqual(bench.done.person, []);
  });

  it('whose verbs are not a person’s', async () => {
    for (const line of ['done', 'checkpoint write', 'checkpoint clear', 'handoff x'])
      assert.match(await bench.fails(1, line), /Only an agent/, line);
  });

  it('keeps a checkpoint with where its work stood, reads and clears it', async () => {
    await bench.run(['checkpoint', 'write', '--notes', 'Half way.'], { id: call }, agent);
    const [[what, note] = []] = bench.done.desk as [string, { id: string; kind: string; text: string }][];
    assert.deepEqual([what, note?.id, note?.kind], ['note', call, 'checkpoint']);
    assert.match(
      note?.text ?? '',
      new RegExp(
        `^Half way\\.\n\nbead ${polecat.bead}, branch ${polecat.branch}, commit c{40}\nnot committed: src/a\\.ts$`,
      ),
    );
    assert.match(await bench.ok('checkpoint read', {}, agent), /no checkpoint/);
    await bench.ok('checkpoint clear', {}, agent);
    assert.equal(bench.done.desk[1]?.[0], 'forget');
  });

  it('reads its newest checkpoint, and a person that of any', async () => {
    const { id, token } = polecat;
    for (const text of ['old', 'new\u001b[2J'])
      await bench.scene.say({
        type: 'noteWork',
        polecat: id,
        token,
        note: { id: text, kind: 'checkpoint', text },
      });
    assert.match(await bench.ok('checkpoint read', {}, agent), /\n\nnew$/);
    assert.match(await bench.ok(`checkpoint read ${polecat.name}`), /\n\nnew$/);
    assert.match(await bench.fails(1, `checkpoint read ${other.name}`, agent), /another agent/);
    await bench.fails(2, 'checkpoint read');
    const { text } = (await bench.json(`checkpoint read ${polecat.name}`)) as { text: string };
    assert.equal(text, 'new\u001b[2J');
  });

  it('hands over with a message', async () => {
    await bench.run(['handoff', 'The tests are left.'], {}, agent);
    const [[what, note] = []] = bench.done.desk as [string, { text: string }][];
    assert.equal(what, 'handOff');
    assert.match(note?.text ?? '', /^The tests are left\./);
    assert.match((await bench.run(['handoff', ' '], {}, agent)).out, /Say what/);
  });

  it('sees the bead it holds, and a person all that are held', async () => {
    assert.equal(await bench.ok('hook', {}, agent), `${polecat.name} holds ${polecat.bead}: One`);
    assert.equal((await bench.ok('hook')).split('\n').length, 2);
    const held = (await bench.json('hook', agent)) as { agent: string; bead: { id: string } }[];
    assert.deepEqual(
      held.map((one) => [one.agent, one.bead.id]),
      [[polecat.name, polecat.bead]],
    );
  });

  it('is primed with role, bead, criteria, branch, checks, rules and its notes', async () => {
    const { id, token } = polecat;
    await bench.scene.say({
      type: 'noteWork',
      polecat: id,
      token,
      note: { id: 'a', kind: 'checkpoint', text: 'Half way.' },
    });
    const out = await bench.ok('prime --hook', {}, agent);
    for (const part of [
      polecat.name,
      polecat.bead,
      'One',
      '1h30m is 5,400,000 ms',
      polecat.branch,
      'npm test',
      '# Rules',
      '- Half way.',
      'rigs done',
    ])
      assert.ok(out.includes(part), part);
    const shape = (await bench.json('prime', agent)) as { role: string; notes: unknown[] };
    assert.deepEqual([shape.role, shape.notes.length], ['polecat', 1]);
    assert.match(await bench.ok('prime'), /You are a person/);
  });

  it('is primed within 2,000 tokens, however much it noted', async () => {
    const { id, token, bead } = polecat;
    const words = (await bench.ok('prime', {}, agent)).length;
    for (let at = 0; at < 20; at += 1)
      await bench.scene.say({
        type: 'noteWork',
        polecat: id,
        token,
        note: { id: String(at), kind: 'note', text: 'x'.repeat(5_000) },
      });
    const own = bench.control.state.beads[bead]?.description.length ?? 0;
    const out = await bench.ok('prime --hook', {}, agent);
    assert.ok(out.length > words);
    assert.ok((out.length - own) / 4 < 2_000, String((out.length - own) / 4));
  });

  it('of a session that nobody knows any more is told to stop', async () => {
    const gone = { ...agent, polecat: 'gone-9' as Polecat['id'] };
    assert.match(await bench.fails(4, 'done', gone), /Stop here/);
  });
});
