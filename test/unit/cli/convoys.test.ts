import assert from 'node:assert/strict';
import { Bench } from './fixtures.ts';

interface ConvoyOut {
  readonly id: string;
  readonly status: string;
  readonly total: number;
  readonly completed: number;
}

describe('rigs convoy', () => {
  let bench: Bench;
  let beads: readonly string[];
  beforeEach(async () => {
    bench = new Bench();
    await bench.scene.open();
    beads = await bench.scene.convoy('First goal', [{ title: 'One' }, { title: 'Two' }]);
  });
  const convoys = async (line = 'convoy list'): Promise<readonly ConvoyOut[]> =>
    (await bench.json(line)) as readonly ConvoyOut[];

  it('list shows open ones with their progress; the others with --all', async () => {
    assert.match(await bench.ok('convoy list'), /cv-00001 +░{10} 0\/2 +open +First goal/);
    for (const bead of beads) await bench.ok(`bead cancel ${bead}`);
    assert.match(await bench.ok('convoy list'), /^No open convoys/);
    assert.match(await bench.ok('convoy list --all'), /0\/2 +ended/);
  });

  it('show has its beads with their marks', async () => {
    await bench.ok(`bead cancel ${beads[0] ?? ''}`);
    const text = await bench.ok('convoy show cv-00001');
    assert.match(text, /^cv-00001 {2}First goal\n\nstatus +open/);
    assert.match(text, /○ +gt-\w+ +queued +Two/);
    assert.match(text, /✗ +gt-\w+ +cancelled +One/);
    const shape = (await bench.json('convoy show cv-00001')) as { beads: readonly unknown[] };
    assert.equal(shape.beads.length, 2);
    await bench.fails(4, 'convoy show cv-zzzzz');
    await bench.fails(2, 'convoy show nonsense');
  });

  it('create takes beads that exist, with a title or as the second seed says it', async () => {
    const { id } = (await bench.json(`convoy create Release ${beads.join(' ')}`)) as { id: string };
    assert.deepEqual(
      (await convoys()).filter((one) => one.id === id).map(({ total, status }) => [total, status]),
      [[2, 'open']],
    );
    const { out } = await bench.says(`convoy create ${beads.join(' ')}`, { program: 'rgt' });
    assert.match(out, /has 2 beads: One and others/);
    assert.match(await bench.fails(2, 'convoy create Release'), /Name the beads/);
    await bench.fails(4, 'convoy create Release gt-zzzzz');
  });

  it('add and remove move beads, and remove takes only its own out', async () => {
    const [bead = ''] = beads;
    await bench.ok(`convoy remove cv-00001 ${bead}`);
    assert.equal((await convoys())[0]?.total, 1);
    assert.match(await bench.fails(1, `convoy remove cv-00001 ${bead}`), /not in cv-00001/);
    await bench.ok(`convoy add cv-00001 ${bead}`);
    assert.equal((await convoys())[0]?.total, 2);
  });

  it('pause holds it and resume releases it', async () => {
    await bench.ok('convoy pause cv-00001');
    assert.equal((await convoys())[0]?.status, 'held');
    assert.match(await bench.ok('bead list'), /convoy is held/);
    await bench.ok('convoy resume cv-00001');
    assert.equal((await convoys())[0]?.status, 'open');
  });
});
