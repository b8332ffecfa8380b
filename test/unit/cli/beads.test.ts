import assert from 'node:assert/strict';
import { drawnIds } from '../../../src/town/drawnIds.ts';
import { widthOf } from '../../../src/cli/print/width.ts';
import { Bench, agentOf } from './fixtures.ts';

interface BeadOut {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly priority: string;
  readonly why: string;
}

describe('rigs bead', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = new Bench();
    await bench.scene.open();
  });

  it('create takes no provider that could not run it, and says what to do', async () => {
    const before = Object.keys(bench.control.state.beads).length;
    assert.match(
      await bench.fails(1, 'bead create New --provider codex'),
      /cannot run work now: .*npm i -g codex/,
    );
    assert.match(await bench.fails(4, 'bead create New --provider cluade'), /Did you mean claude\?/);
    assert.equal(Object.keys(bench.control.state.beads).length, before);
    await bench.ok('bead create New --provider claude');
  });

  it('create makes a bead of a person’s words, and says what it waits for', async () => {
    const { exit, out } = await bench.run([
      ...['bead', 'create', 'Add --json to the report\nand test it'],
      ...['-p', 'p1', '-t', 'test', '--criterion', 'it parses', '--touches', 'src/**'],
    ]);
    assert.equal(exit, 0, out);
    assert.match(out, /^gt-\w{5} is in the depot: Add --json to the report\n/);
    const [bead] = Object.values(bench.control.state.beads);
    assert.deepEqual(
      [
        bead?.title,
        bead?.description,
        bead?.priority,
        bead?.type,
        bead?.criteria,
        bead?.touches,
        bead?.source,
      ],
      [
        'Add --json to the report',
        'Add --json to the report\nand test it',
        'high',
        'test',
        ['it parses'],
        ['src/**'],
        { kind: 'person' },
      ],
    );
  });

  it('create tells programs the id', async () => {
    const { id } = (await bench.json('bead create task')) as { id: string };
    assert.ok(Object.hasOwn(bench.control.state.beads, id));
  });

  it('create reads a long task from stdin', async () => {
    await bench.ok('bead create Task -d -', { stdin: 'All of it.' });
    assert.equal(Object.values(bench.control.state.beads)[0]?.description, 'All of it.');
  });

  it('create refuses what is no task, no convoy and no bead to wait for', async () => {
    assert.match((await bench.run(['bead', 'create', ' '])).out, /empty/);
    await bench.fails(4, 'bead create x --convoy cv-00000');
    assert.match(await bench.fails(2, 'bead create x --after nonsense'), /gt-abc12/);
    assert.match(await bench.fails(4, 'bead create x --after gt-00000'), /bead list/);
    assert.match((await bench.run(['bead', 'create', 'x'.repeat(3_000)])).out, /at most 2000/);
  });

  it('list has open beads in dispatch order, then ended ones, each with why', async () => {
    const [low, high, ended] = await bench.scene.convoy('Goal', [
      { title: 'Later', priority: 'low' },
      { title: 'Sooner', priority: 'high' },
      { title: 'Gone' },
    ]);
    await bench.ok(`bead cancel ${String(ended)}`);
    const all = (await bench.json('bead list')) as readonly BeadOut[];
    assert.deepEqual(
      all.map(({ id, status }) => [id, status]),
      [
        [high, 'queued'],
        [low, 'queued'],
        [ended, 'cancelled'],
      ],
    );
    const text = await bench.ok('bead list');
    assert.match(text, /^BEAD +STATUS +PRIORITY +TITLE +WHY\n/);
    assert.match(text, /Sooner +No agent can take it/);
  });

  it('list takes the seeds’ filters, and says when it leaves some away', async () => {
    await bench.scene.convoy(
      'Goal',
      Array.from({ length: 25 }, (_, at) => ({ title: `Bead ${String(at)}` })),
    );
    const ids = async (line: string): Promise<number> => ((await bench.json(line)) as unknown[]).length;
    assert.match(await bench.ok('bead list'), /\n\n5 more beads: --limit 0 shows all\.$/);
    assert.equal(await ids('bead list'), 25);
    assert.equal(await ids('bead list --limit 3'), 3);
    assert.equal(await ids('bead list --status failed'), 0);
    assert.equal(await ids('bead list --convoy cv-00001 --status queued --status failed'), 25);
    assert.match(await bench.fails(2, 'bead list --limit some'), /no number/);
    await bench.fails(4, 'bead list --convoy cv-zzzzz');
  });

  it('list fits the terminal, and has colours where they are wanted', async () => {
    await bench.scene.convoy('Goal', [{ title: '日本語'.repeat(40) }, { title: 'a\u001b[31m\nb' }]);
    const out = await bench.ok('bead list', { columns: 70, colours: false });
    for (const line of out.split('\n')) assert.ok(widthOf(line) <= 70, line);
    assert.ok(!out.includes('\u001b'));
    assert.ok((await bench.ok('bead list', { columns: 70, colours: true })).includes('\u001b[2m'));
    assert.ok(
      (await bench.ok('bead list -v', { columns: 70 })).split('\n').some((line) => widthOf(line) > 200),
    );
  });

  it('show has all of a bead, its proof and its archive too', async () => {
    const [bead = ''] = await bench.scene.convoy('Goal', [{ description: 'First\nsecond' }]);
    const text = await bench.ok(`bead show ${bead}`);
    assert.match(text, new RegExp(`^${bead}  Parse durations\n\nstatus +queued\n`));
    assert.match(text, /\nTask\n {2}First\n {2}second\n/);
    assert.match(text, /Done when\n {2}- 1h30m is 5,400,000 ms/);
    const shape = (await bench.json(`bead show ${bead}`)) as BeadOut;
    assert.equal(shape.status, 'queued');
    await bench.fails(4, 'bead show gt-zzzzz');
    await bench.fails(2, 'bead show zzzzz');
  });

  it('edit changes what is said and nothing else; an empty value takes away', async () => {
    const [bead = '', other = ''] = await bench.scene.convoy('Goal', [{}, {}]);
    await bench.run(['bead', 'edit', bead, '--title', 'New', '-p', 'low', '--touches', '', '--after', other]);
    const { beads } = bench.control.state;
    const now = Object.values(beads).find(({ id }) => id === bead);
    assert.deepEqual(
      [now?.title, now?.priority, now?.touches, now?.dependencies, now?.criteria.length],
      ['New', 'low', [], [other], 2],
    );
    assert.match(await bench.fails(2, `bead edit ${bead}`), /--title/);
    assert.match(await bench.fails(1, `bead edit ${other} --after ${bead}`), /circle/);
  });

  it('cancel and retry take several, do the others too, and say of each what became of it', async () => {
    const [one = '', two = ''] = await bench.scene.convoy('Goal', [{}, {}]);
    const said = await bench.fails(4, `bead cancel ${one} gt-zzzzz ${two}`);
    assert.match(said, new RegExp(`${one} is cancelled.*\n.*gt-zzzzz.*\n${two} is cancelled`));
    assert.match(await bench.fails(1, `bead retry ${one}`), /bead show/);
  });

  it('create by an agent makes one beside its own, and leaves the rest to a person', async () => {
    await bench.scene.convoy('Goal', [{}]);
    const [polecat] = await bench.scene.start();
    assert.ok(polecat);
    const agent = agentOf(polecat);
    const call = '0b0e7f6e-0000-4000-8000-000000000001';
    const id = drawnIds(() => 7).bead(() => false);
    assert.match(
      await bench.ok('bead create Found --criterion works', { id: call }, agent),
      new RegExp(`^${id} is beside yours`),
    );
    assert.deepEqual(bench.done.desk, [
      ['split', call, [{ title: 'Found', description: '', criteria: ['works'] }]],
    ]);
    assert.match(await bench.fails(1, 'bead create Found -p high', agent), /person’s to decide/);
    assert.match(await bench.fails(1, `bead cancel ${polecat.bead}`, agent), /person’s to say/);
    assert.equal(((await bench.json('bead list', agent)) as unknown[]).length, 1);
  });
});
