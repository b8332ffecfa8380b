import assert from 'node:assert/strict';
import { World } from './world.ts';

describe('The proof of a done', () => {
  it('names the files by which its checks prove something else, and then no convoy lands it', async () => {
    const world = await World.ready();
    const bead = await world.sling('Mend it');
    await world.until(() => world.polecat(bead).state === 'working');
    await world.work(bead, ['src/a.js', 'package.json']);
    await world.exit(bead, 0);
    const need = await world.need();
    assert.deepEqual(world.bead(bead).evidence?.decides, ['package.json']);
    assert.ok(need?.kind === 'approval');
    await world.foreman.wish({ type: 'approve', request: need.request.id });
    await world.reaches(bead, 'completed');
  });

  it('says nothing of them where there are none', async () => {
    const world = await World.ready();
    const bead = await world.sling('Mend it');
    await world.until(() => world.polecat(bead).state === 'working');
    await world.work(bead, ['src/a.js']);
    await world.reaches(bead, 'completed');
    assert.equal(Object.hasOwn(world.bead(bead).evidence ?? {}, 'decides'), false);
  });
});

describe('A person’s rules', () => {
  it('have work land that fits one of them, and ask about all other', async () => {
    const world = await World.ready();
    world.autoApprove = [{ number: 1, paths: ['docs/**'], providers: ['p'] }];
    const [docs, code] = [await world.sling('Docs', {}, 'review'), await world.sling('Code', {}, 'review')];
    for (const bead of [docs, code]) await world.until(() => world.polecat(bead).state === 'working');
    await world.work(docs, ['docs/a.md']);
    await world.reaches(docs, 'completed');
    await world.work(code, ['docs/b.md', 'src/a.js']);
    const need = await world.need();
    assert.ok(need?.kind === 'approval' && need.request.bead === code);
    const [landed] = Object.values(world.foreman.state.requests).filter(({ bead }) => bead === docs);
    assert.deepEqual([landed?.approval, landed?.rule], ['rule', 1]);
  });
});
