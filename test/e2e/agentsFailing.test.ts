import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { vendors } from '../../src/providers/vendors.ts';
import type { Polecat } from '../../src/town/polecat.ts';
import { rigsProgram } from '../harness/rigsProgram.ts';
import { failures } from '../harness/wire/failures.ts';
import { type Step, commit, done, onceMet, run, say } from '../harness/wire/play.ts';
import type { Turn } from '../harness/wire/turn.ts';
import { AgentRig, type Job } from '../integration/way/agentRig.ts';

/** How a vendor's service fails in passing, and how it says that nothing is left. */
interface Service {
  readonly busy: Turn;
  readonly limit: (resetsAt: number) => Turn;
  /** The limit of a day; it is over at a midnight that no test waits for. */
  readonly daily: boolean;
}

const services: Readonly<Record<string, Service>> = {
  claude: { busy: { status: 529 }, limit: failures.claude.subscription, daily: false },
  codex: { busy: { status: 503 }, limit: failures.codex.subscription, daily: false },
  gemini: { busy: { status: 503 }, limit: failures.gemini.daily, daily: true },
};

/** From the limit to its reset: long enough to be seen. */
const resetMs = 15_000;
const silentAfterMs = 20_000;
const endless = (step: Step): readonly Step[] => Array.from({ length: 20 }, () => step);

const works = {
  passes: 'meets what passes',
  limit: 'reaches its limit',
  login: 'is turned away',
  forgets: 'forgets to report',
  silent: 'goes silent',
} as const;
type Work = keyof typeof works;

const titleOf = (vendor: string, work: Work): string => `A task in which ${vendor} ${works[work]}`;

function jobsOf(vendor: string, { busy, limit }: Service): readonly Job[] {
  const file = (work: Work): string => `${vendor}-${work}.txt`;
  const steps: Readonly<Record<Work, readonly Step[]>> = {
    passes: [
      onceMet([{ status: 429, headers: { 'retry-after': '1' } }], run('true')),
      onceMet([busy, { drop: 'before' }], done('Nothing is committed yet.')),
      commit(file('passes'), 'kept'),
      onceMet([{ text: 'Half a sentence, and', drop: 'mid' }], done()),
    ],
    limit: [commit(file('limit'), 'kept'), onceMet([() => limit(Date.now() + resetMs)], done())],
    login: endless({ status: 401 }),
    forgets: [commit(file('forgets'), 'kept'), ...endless(say('I am finished.'))],
    silent: endless({ hang: true }),
  };
  return (Object.keys(works) as Work[]).map((work) => ({
    title: titleOf(vendor, work),
    provider: vendor,
    steps: steps[work],
  }));
}

/** Not steady yet: in one of four runs Codex did not come through what passes in its 90 s, and nobody knows why. */
const onDemand = process.env['CI'] === undefined ? describe : describe.skip;

/** One vendor's tasks at once, each its own agent; what they meet is scripted, the programs are real. */
onDemand('Agents whose services fail them', function () {
  this.timeout(180_000);
  let agents: AgentRig;

  before(async () => {
    agents = await AgentRig.open({
      vendors,
      rigs: await rigsProgram(),
      // Who runs these tests may be root, which Claude Code lets bypass only in a sandbox.
      env: { IS_SANDBOX: '1' },
      set: { mode: 'bypass' },
      settings: { maxPolecats: 5, silentAfterMs },
      claude: 'subscription',
    });
  });
  after(() => agents.close());

  const reasons = (title: string): readonly string[] =>
    agents.asks(title).flatMap(({ subject }) => ('reason' in subject ? [subject.reason.code] : []));
  const doing = (title: string): Polecat['session'] => agents.polecat(title)?.session ?? null;

  for (const [vendor, service] of Object.entries(services)) {
    describe(vendor, () => {
      before(() => agents.give(`What ${vendor} meets`, jobsOf(vendor, service)));
      after(async () => {
        for (const work of Object.keys(works) as Work[]) await agents.cancel(titleOf(vendor, work));
        await agents.until(titleOf(vendor, 'limit'), () => agents.rig.allEnded());
      });

      it('goes on by itself after what passes, hears what its done lacks, and lands', async () => {
        const title = titleOf(vendor, 'passes');
        await agents.until(title, () => agents.hasLanded(title));
        const told = agents.wire.requests(vendor).filter(({ said }) => said.join().includes(title));
        match(told.flatMap(({ results }) => results).join('\n'), /commit/i);
        equal(await agents.repository.landed(`${vendor}-passes.txt`), 'kept');
      });

      it('makes way at its limit, and goes on by itself after the reset', async () => {
        const title = titleOf(vendor, 'limit');
        await agents.until(title, () => agents.polecat(title)?.limit != null || agents.hasLanded(title));
        ok(!agents.hasLanded(title), 'it never waited');
        const resetsAt = agents.polecat(title)?.limit?.until ?? 0;
        ok(resetsAt > Date.now());
        if (service.daily) return;
        await agents.until(title, () => agents.hasLanded(title));
        const last = agents.wire.requests(vendor).findLast(({ said }) => said.join().includes(title));
        const late = (last?.at ?? 0) - resetsAt;
        ok(late > 0 && late < 60_000, `it went on ${late} ms after its reset`);
        deepEqual(agents.asks(title), []);
      });

      it('asks for a login', async () => {
        const title = titleOf(vendor, 'login');
        await agents.until(title, () => reasons(title).length > 0);
        deepEqual(reasons(title), ['agent_needs_login']);
      });

      it('is reminded twice of what it forgot, and then a person is asked', async () => {
        const title = titleOf(vendor, 'forgets');
        await agents.until(title, () => reasons(title).length > 0);
        deepEqual(reasons(title), ['agent_ended_without_done']);
        const turns = agents.wire.requests(vendor).filter(({ said }) => said.join().includes(title));
        deepEqual(Math.max(...turns.map(({ answered }) => answered)), 3);
      });

      it('is put before a person when nothing is heard of it', async () => {
        const title = titleOf(vendor, 'silent');
        await agents.until(title, () => reasons(title).length > 0);
        deepEqual(reasons(title), ['agent_silent']);
        equal(doing(title)?.doing.kind, 'silent');
      });
    });
  }

  it('reached nothing but the loopback server', () => {
    const explained = /^CONNECT raw\.githubusercontent\.com:443$/;
    deepEqual(
      agents.wire.wanted.filter((one) => !explained.test(one)),
      [],
    );
  });
});
