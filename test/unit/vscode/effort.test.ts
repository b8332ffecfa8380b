import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { type AccountState, emptyAccount, foldAccount, tell } from '../../../src/town/account.ts';
import type { TankNews } from '../../../src/town/fuel.ts';
import type { PolecatId } from '../../../src/town/ids.ts';
import { type PriceRow, withOwn } from '../../../src/town/prices.ts';
import { beadText } from '../../../src/vscode/documents/beadText.ts';
import { type Books, effortLines } from '../../../src/vscode/documents/effort.ts';
import { rigViews } from '../../../src/vscode/trees/view.ts';
import { rigId } from '../../fakes/events.ts';
import { FakeControl } from '../../fakes/fakeControl.ts';
import { FakeTown } from '../../fakes/fakeTown.ts';
import { fakeView } from '../../fakes/fakeView.ts';
import { noBooks } from '../../fakes/noBooks.ts';
import { Scene, seat } from '../../fakes/scene.ts';

const from = '2026-01-01';
const own: readonly PriceRow[] = [
  {
    ...{ providers: ['claude'], models: ['a-model'], from, source: 'my contract', read: from, own: true },
    rates: { input: 10, cached: 1, output: 100 },
  },
];

/** A bead that an agent works on, and what was booked for it. */
async function worked(rows: readonly PriceRow[], ...news: readonly Partial<Drew>[]) {
  const control = new FakeControl();
  const scene = await new Scene(control).open();
  const [bead] = await scene.convoy('Durations', [{ title: 'Parse' }]);
  await scene.start();
  ok(bead);
  const booked = news.reduce<AccountState>((state, more, at) => {
    const one: Drew = {
      ...{ kind: 'drew', rig: rigId, polecat: `nux-${String(at)}` as PolecatId, token: at, tank: seat.tank },
      ...{ provider: seat.provider, model: seat.model, bead, convoy: null, type: 'test', role: 'agent' },
      ...{ usage: { input: 12_000, cachedInput: 90_000, output: 3_000 }, requests: 1, ...more },
    };
    return tell(state, [one], control.now, undefined, rows).events.reduce(foldAccount, state);
  }, emptyAccount);
  const [view] = rigViews(fakeView(new FakeTown().add('almanac', control).rigs, control.now));
  const found = control.state.beads[bead];
  ok(view && found);
  return { view, found, books: { ledger: booked.ledger, rows } satisfies Books };
}
type Drew = Extract<TankNews, { kind: 'drew' }>;

describe('What a bead cost', () => {
  it('is told by kind of token and in money, with whose price that is', async () => {
    const { view, found, books } = await worked(withOwn(own), {});
    deepEqual(effortLines(view, found, books), [
      '- Sessions: 1',
      '- Agents: 12,000 tokens in, 90,000 more from a cache, 3,000 out, $0.51 at API prices',
      '- Price of Claude a-model: your own price as of 2026-01-01, my contract',
    ]);
    match(beadText(view, found, books), /## Effort\n\n- Sessions: 1\n- Agents: 12,000 tokens in/);
  });

  it('tells the assayer apart', async () => {
    const usage = { input: 1_000, cachedInput: 0, output: 100 };
    const { view, found, books } = await worked(
      withOwn(own),
      {},
      { role: 'assayer', usage },
      { role: 'assayer', usage },
    );
    deepEqual(effortLines(view, found, books).slice(1, 3), [
      '- Agents: 12,000 tokens in, 90,000 more from a cache, 3,000 out, $0.51 at API prices',
      '- Assayer: 2,000 tokens in, 200 out, $0.04 at API prices',
    ]);
  });

  it('is not known where the price is not, and never nothing', async () => {
    const { view, found, books } = await worked(withOwn([]), {});
    const lines = effortLines(view, found, books);
    deepEqual(lines.slice(1), [
      '- Agents: 12,000 tokens in, 90,000 more from a cache, 3,000 out; the price of 15,000 tokens is not known',
      '- Price of Claude a-model: price unknown',
    ]);
    equal(lines.join('\n').includes('$'), false);
  });

  it('is known in part where a model of several has a price', async () => {
    const { view, found, books } = await worked(withOwn(own), {}, { model: 'other' });
    match(
      effortLines(view, found, books).join('\n'),
      /24,000 tokens in, .* \$0\.51 at API prices; the price of 15,000 tokens is not known/,
    );
  });

  it('says that nothing is booked, or that it cannot be read, instead of nothing', async () => {
    const { view, found } = await worked(withOwn([]));
    match(effortLines(view, found, noBooks).join('\n'), /Tokens: 0 in .*\n- Money: not known, nothing of it/);
    match(
      effortLines(view, found, { ...noBooks, ledger: null }).join('\n'),
      /- Money: your ledger cannot be read/,
    );
  });
});
