import assert from 'node:assert/strict';
import { systemIds } from '../../../src/foreman/systemIds.ts';
import type { ApiProvider } from '../../../src/providers/apiProvider.ts';
import type { Need } from '../../../src/town/needsYou.ts';
import { planToDrafts } from '../../../src/town/plan.ts';
import { planBeads } from '../../fakes/planBeads.ts';
import { type AgentRepository, makeAgentRepository } from '../../harness/agentRepository.ts';
import { type Wire, startWire } from '../../harness/wire/wire.ts';
import { HeadlessRig } from './headlessRig.ts';

describe('the built-in worker with models of others', function () {
  this.timeout(120_000);
  let wire: Wire;
  let repository: AgentRepository;
  let rig: HeadlessRig;

  const api = (provider: 'openai' | 'ollama'): ApiProvider => ({
    ...{ provider, name: provider, wire: provider, enabled: true, model: 'm:8b' },
    baseUrl: wire.url(provider),
    key: () => Promise.resolve(provider === 'ollama' ? '' : 'a-key-of-nobody'),
  });

  beforeEach(async () => {
    wire = await startWire();
    repository = await makeAgentRepository('rigs api é');
    wire.page('ollama', '/api/tags', { status: 200, body: { models: [{ name: 'm:8b' }] } });
    wire.page('ollama', '/api/ps', { status: 200, body: { models: [] } });
    rig = await HeadlessRig.open({ folder: repository.folder, apis: [api('openai'), api('ollama')] });
  });
  afterEach(async () => {
    await rig.close();
    await repository.remove();
    await wire.close();
  });

  async function give(jobs: readonly { readonly title: string; readonly provider: string }[]): Promise<void> {
    const beads = planBeads(jobs).map((bead) => ({ ...bead, estimate: 100 }));
    const drafts = planToDrafts({ goal: 'Words', beads }, (taken) => systemIds.bead(taken));
    const convoy = systemIds.convoy();
    const wish = { type: 'createConvoy', convoy, title: 'Words', landing: 'auto', held: false } as const;
    await rig.rig.foreman.wish({ ...wish, beads: drafts });
  }

  const write = (path: string) => ({ tools: [{ name: 'write', input: { path, content: `${path}\n` } }] });
  const done = { tools: [{ name: 'done', input: { summary: 'It is there.' } }] };

  it('carries beads to done, each with the model it was given to, and tells what that said of its account', async () => {
    const headers = { 'x-ratelimit-limit-requests': '60', 'x-ratelimit-remaining-requests': '45' };
    wire.queue('openai', [
      { ...write('one.txt'), headers },
      { ...done, headers },
    ]);
    wire.queue('ollama', [write('two.txt'), done]);
    await give([
      { title: 'Add one', provider: 'openai' },
      { title: 'Add two', provider: 'ollama' },
    ]);
    await rig.until(() => rig.allEnded());
    assert.deepEqual(
      Object.values(rig.state.beads).map(({ title, status }) => [title, status]),
      [
        ['Add one', 'completed'],
        ['Add two', 'completed'],
      ],
    );
    assert.equal(await repository.landed('one.txt'), 'one.txt');
    assert.equal(await repository.landed('two.txt'), 'two.txt');
    const [asked] = wire.requests('openai');
    assert.equal(asked?.headers['authorization'], 'Bearer a-key-of-nobody');
    assert.equal(wire.requests('ollama')[0]?.headers['authorization'], undefined);
    const gauge = (await rig.account.fuel()).tanks['openai']?.gauges['requests/min m:8b'];
    assert.deepEqual([gauge?.capacity, gauge?.certainty], [60, 'measured']);
    assert.deepEqual(wire.wanted, []);
  });

  it('tells that there is no credit, upon which the account waits for its person', async () => {
    const error = { code: 'insufficient_quota', message: 'You exceeded your current quota.' };
    wire.queue('openai', () => ({ status: 429, body: { error } }));
    await give([{ title: 'Add one', provider: 'openai' }]);
    let problem: string | undefined;
    const looking = setInterval(() => {
      void rig.account.fuel().then(({ tanks }) => (problem = tanks['openai']?.problem?.kind));
    }, 50);
    // That the agent ended is put before a person, who has time.
    const person = async (need: Need): Promise<void> => {
      if (need.kind !== 'ask' || need.ask.subject.kind !== 'stuck') await rig.agree(need);
    };
    await rig
      .until(() => problem !== undefined, person, 60_000)
      .finally(() => {
        clearInterval(looking);
      });
    assert.equal(problem, 'credit');
    assert.notEqual(rig.bead('Add one').status, 'failed');
  });
});
