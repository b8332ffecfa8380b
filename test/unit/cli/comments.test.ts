import assert from 'node:assert/strict';
import type { Agent } from '../../../src/gateway/tokens.ts';
import type { ThreadId } from '../../../src/town/ids.ts';
import type { Polecat } from '../../../src/town/polecat.ts';
import type { ReviewPlace } from '../../../src/town/review.ts';
import { commit, requestId } from '../../fakes/scene.ts';
import { Bench, agentOf } from './fixtures.ts';

const call = '0b0e7f6e-0000-4000-8000-000000000001';
const thread = 'rt-00001' as ThreadId;

describe('The comments of a review at the rigs command', () => {
  let bench: Bench;
  let polecat: Polecat;
  let agent: Agent;

  beforeEach(async () => {
    bench = new Bench();
    await bench.scene.open();
    await bench.scene.convoy('Goal', [{ title: 'One' }]);
    const [first] = await bench.scene.start();
    assert.ok(first !== undefined);
    polecat = first;
    agent = agentOf(polecat);
    await bench.scene.prove(polecat, requestId(1));
    const place: ReviewPlace = {
      ...{ commit: commit('d'), side: 'changed', path: 'src/a.ts' },
      ...{ from: 3, to: 4, lines: 'if (hours)\n  return 60;' },
    };
    const { bead } = polecat;
    await bench.scene.say({ type: 'draftComment', bead, thread, place, words: 'Why 60?' });
  });

  const send = (): Promise<unknown> =>
    bench.scene.say({ type: 'sendReview', bead: polecat.bead, summary: '' });

  it('are read by the agent once they are sent, each with its place and what stood there', async () => {
    assert.match(await bench.ok('comment list', {}, agent), /Nobody commented/);
    await send();
    assert.equal(
      await bench.ok('comment list', {}, agent),
      `sent · ${thread} src/a.ts:3-4\n> if (hours)\n>   return 60;\nperson: Why 60?`,
    );
    const [one] = (await bench.json('comment list', agent)) as readonly Record<string, unknown>[];
    assert.deepEqual([one?.['id'], one?.['state'], one?.['from'], one?.['to']], [thread, 'sent', 3, 4]);
  });

  it('are read by the person as drafts too, and resolved ones on request', async () => {
    assert.match(
      await bench.ok(`comment list ${polecat.bead}`),
      /^draft · .*\n[^]*person \(draft\): Why 60\?$/,
    );
    await send();
    await bench.scene.say({ type: 'resolveComment', bead: polecat.bead, thread });
    assert.match(await bench.ok(`comment list ${polecat.bead}`), /is resolved\. `--all` shows/);
    assert.match(await bench.ok(`comment list ${polecat.bead} --all`), /^resolved · rt-00001/);
    assert.match(await bench.fails(2, 'comment list'), /of which bead/);
  });

  it('are answered and resolved by the agent, under the id of the command', async () => {
    const said = ['comment', 'reply', thread, 'It has to stay.'];
    assert.match((await bench.run(said, { id: call }, agent)).out, /is answered/);
    await bench.ok(`comment resolve ${thread} -`, { id: call, stdin: 'It is 3,600 now.\n' }, agent);
    await bench.ok(`comment resolve ${thread}`, { id: call }, agent);
    const answers = [
      { thread, words: 'It has to stay.', resolve: false },
      { thread, words: 'It is 3,600 now.', resolve: true },
      { thread, words: '', resolve: true },
    ];
    assert.deepEqual(
      bench.done.desk,
      answers.map((one) => ['comment', call, one]),
    );
  });

  it('are a person’s to write in the editor, and an agent’s to answer', async () => {
    assert.match(await bench.fails(1, `comment resolve ${thread}`), /Only an agent/);
    assert.match(await bench.fails(2, 'comment resolve gt-00001', agent), /no comment’s id/);
    assert.match(await bench.fails(2, `comment reply ${thread} -`, agent), /Say what you answer/);
    assert.match(await bench.fails(1, 'comment list gt-00099', agent), /is not yours/);
  });
});
