import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { claudeCode } from '../../src/providers/claude/agent.ts';
import { accountVendor } from '../../src/providers/custom/account.ts';
import { codex as codexVendor } from '../../src/providers/codex/codex.ts';
import { gemini as geminiVendor } from '../../src/providers/gemini/vendor.ts';
import type { Vendor } from '../../src/providers/vendor.ts';
import type { Polecat } from '../../src/town/polecat.ts';
import { defaultRouting } from '../../src/town/routing.ts';
import { keys, secondClaude } from '../harness/agentHomes.ts';
import { killAgentIn } from '../harness/killAgent.ts';
import { rigsProgram } from '../harness/rigsProgram.ts';
import { failures } from '../harness/wire/failures.ts';
import { Gate, type Step, commit, done, onceMet, run, say } from '../harness/wire/play.ts';
import type { Answered, Turn } from '../harness/wire/turn.ts';
import { AgentRig, type Job } from '../integration/way/agentRig.ts';

/** How a vendor's service fails in passing, and how it says that nothing is left. */
interface Service {
  readonly busy: Turn;
  readonly limit: (resetsAt: number) => Turn;
  /** The limit is over at an instant that no test waits for. */
  readonly long: boolean;
  /** How it says that only money helps; null: in no way of its own. */
  readonly money: Turn | null;
}

const { claude, codex, gemini } = failures;
const services = {
  claude: { busy: { status: 529 }, limit: claude.subscription, long: false, money: null },
  codex: { busy: { status: 503 }, limit: codex.subscription, long: false, money: codex.credit() },
  gemini: { busy: { status: 503 }, limit: gemini.daily, long: true, money: null },
  'claude-second': {
    busy: { status: 529 },
    limit: () => claude.api(3_600),
    long: true,
    money: claude.credit(),
  },
} as const satisfies Readonly<Record<string, Service>>;
type Provider = keyof typeof services;
const providers = Object.keys(services) as readonly Provider[];
/** Two accounts of one vendor are asked for in one place. */
const queueOf = (provider: Provider): string => (provider === 'claude-second' ? 'claude' : provider);

const vendorOf: Readonly<Record<Provider, Vendor>> = {
  claude: claudeCode,
  codex: codexVendor,
  gemini: geminiVendor,
  'claude-second': claudeCode,
};
/** Paid by a key, where the others of Claude Code have a subscription. */
const second = {
  CLAUDE_CONFIG_DIR: `~/${secondClaude}`,
  ANTHROPIC_API_KEY: keys.ANTHROPIC_API_KEY,
  CLAUDE_CODE_OAUTH_TOKEN: '',
};

/** From the limit to its reset: long enough to be seen. */
const resetMs = 15_000;
const silentAfterMs = 20_000;
/** Those of one account come back one by one within 45 s; then a program starts. */
const latestMs = 105_000;
/** For one step of one agent, on a machine that has ten times too much to do. */
const patienceMs = 150_000;
const endless = (step: Step): readonly Step[] => Array.from({ length: 20 }, () => step);

const works = {
  passes: 'meets what passes',
  limit: 'reaches its limit',
  login: 'is turned away',
  forgets: 'forgets to report',
  silent: 'goes silent',
  money: 'has nothing left to pay with',
  killed: 'is killed half way',
} as const;
type Work = keyof typeof works;

/** What every vendor meets; one that was killed is seen in the workbench for the others. */
const ofAll: readonly Work[] = ['passes', 'limit', 'login', 'forgets', 'silent'];
const worksOf: Readonly<Record<Provider, readonly Work[]>> = {
  claude: ofAll,
  codex: [...ofAll, 'money'],
  gemini: ['killed', ...ofAll],
  'claude-second': ['limit', 'money'],
};

/** Until when each was told to wait. */
const resets = new Map<Provider, number>();

function resetOf(provider: Provider): number {
  const at = Date.now() + resetMs;
  resets.set(provider, at);
  return at;
}

const titleOf = (provider: Provider, work: Work): string => `A task in which ${provider} ${works[work]}`;

/** Each has an account of its own: what fails on one says something of all who draw from it. */
const accountFor = (provider: Provider, work: Work): string => `${provider}-${work}`;

function accounts(): readonly Vendor[] {
  return providers.flatMap((provider) =>
    worksOf[provider].map((work) => {
      const env = provider === 'claude-second' ? second : {};
      return accountVendor({ name: accountFor(provider, work), env }, vendorOf[provider]);
    }),
  );
}

function jobsOf(provider: Provider, gate: Gate): readonly Job[] {
  const { busy, limit, money }: Service = services[provider];
  const file = (work: Work): string => `${provider}-${work}.txt`;
  const steps: Readonly<Record<Work, readonly Step[]>> = {
    passes: [
      onceMet([{ status: 429, headers: { 'retry-after': '1' } }], run('true')),
      onceMet([busy, { drop: 'before' }], done('Nothing is committed yet.')),
      commit(file('passes'), 'kept'),
      onceMet([{ text: 'Half a sentence, and', drop: 'mid' }], done()),
    ],
    limit: [commit(file('limit'), 'kept'), onceMet([() => limit(resetOf(provider))], done())],
    login: endless({ status: 401 }),
    forgets: [commit(file('forgets'), 'kept'), ...endless(say('I am finished.'))],
    silent: endless({ hang: true }),
    money: endless(money ?? say('Nobody asked for money.')),
    killed: [commit(file('killed'), 'one'), gate.before(commit(file('killed'), 'two')), done()],
  };
  return worksOf[provider].map((work) => ({
    title: titleOf(provider, work),
    provider: accountFor(provider, work),
    steps: steps[work],
  }));
}

/** Tasks of two providers at once, each its own agent; what they meet is scripted, the programs are real. */
describe('Agents whose services fail them', function () {
  this.timeout(240_000);
  const given = new Set<Provider>();
  const gate = new Gate();
  let agents: AgentRig;

  before(async () => {
    agents = await AgentRig.open({
      vendors: accounts(),
      rigs: await rigsProgram(),
      // Who runs these tests may be root, which Claude Code lets bypass only in a sandbox.
      env: { IS_SANDBOX: '1' },
      set: { mode: 'bypass' },
      // Who waits for an account is not asked whether another may go on.
      settings: { maxPolecats: 16, silentAfterMs, routing: { ...defaultRouting, moveOn: 'never' } },
      claude: 'subscription',
    });
  });
  after(() => agents.close());

  async function give(provider: Provider | undefined): Promise<void> {
    if (provider === undefined || given.has(provider)) return;
    given.add(provider);
    await agents.give(`What ${provider} meets`, jobsOf(provider, gate));
  }

  const reasons = (title: string): readonly string[] =>
    agents.asks(title).flatMap(({ subject }) => ('reason' in subject ? [subject.reason.code] : []));
  const details = (title: string): string =>
    agents
      .asks(title)
      .map(({ subject }) => ('reason' in subject ? String(subject.reason.facts['detail']) : ''))
      .join();
  const doing = (title: string): Polecat['session'] => agents.polecat(title)?.session ?? null;
  const asked = (provider: Provider, title: string): readonly Answered[] =>
    agents.wire.requests(queueOf(provider)).filter(({ said, main }) => main && said.join().includes(title));
  const until = (title: string, holds: () => boolean): Promise<void> =>
    agents.until(title, holds, patienceMs);
  /** A machine with much to do has programs look for a moment as if they stood still. */
  const needs = (title: string, code: string): Promise<void> =>
    until(title, () => reasons(title).join() === code);

  const says: Readonly<Record<Work, string>> = {
    passes: 'goes on by itself after what passes, hears what its done lacks, and lands',
    limit: 'makes way at its limit, and goes on by itself after the reset',
    login: 'asks for a login',
    forgets: 'is reminded twice of what it forgot, and then a person is asked',
    silent: 'is put before a person when nothing is heard of it',
    money: 'that only money helps is put before a person, and not tried again',
    killed: 'goes on in its own session when it is killed half way',
  };

  type Test = (provider: Provider, title: string) => Promise<void>;
  const tests: Readonly<Record<Work, Test>> = {
    async passes(provider, title) {
      await until(title, () => agents.hasLanded(title));
      const results = asked(provider, title).flatMap((one) => one.results);
      match(results.join('\n'), /commit/i);
      equal(await agents.repository.landed(`${provider}-passes.txt`), 'kept');
    },

    async limit(provider, title) {
      if (services[provider].long) {
        await until(title, () => (agents.polecat(title)?.limit?.until ?? 0) > Date.now());
        return;
      }
      await until(title, () => agents.hasLanded(title));
      const resetsAt = resets.get(provider) ?? Infinity;
      const [again] = asked(provider, title).filter(({ at }) => at > resetsAt - resetMs + 1_000);
      const late = (again?.at ?? 0) - resetsAt;
      ok(late > 0 && late < latestMs, `it went on ${late} ms after its reset`);
      deepEqual(agents.asks(title), []);
    },

    login: (_provider, title) => needs(title, 'agent_needs_login'),

    async forgets(provider, title) {
      await needs(title, 'agent_ended_without_done');
      deepEqual(Math.max(...asked(provider, title).map(({ answered }) => answered)), 3);
    },

    async silent(_provider, title) {
      await needs(title, 'agent_silent');
      equal(doing(title)?.doing.kind, 'silent');
    },

    async money(provider, title) {
      await needs(title, 'agent_shows_dialog');
      match(details(title), /credit balance|quota/i);
      equal(asked(provider, title).length, 1);
      equal(agents.polecat(title)?.limit, null);
    },

    async killed(_provider, title) {
      await until(title, () => gate.reached > 0);
      const before = gate.reached;
      const { worktree = null } = agents.polecat(title) ?? {};
      ok(worktree !== null && (await killAgentIn(worktree, /node/)) > 0);
      await until(title, () => gate.reached > before);
      gate.open();
      await until(title, () => agents.hasLanded(title));
      // A conversation that began anew would have written its first word again.
      equal(await agents.repository.landed('gemini-killed.txt'), 'one\ntwo');
    },
  };

  for (const [at, provider] of providers.entries()) {
    describe(provider, () => {
      before(async () => {
        await give(provider);
        await give(providers[at + 1]);
      });
      after(async () => {
        for (const work of worksOf[provider]) await agents.cancel(titleOf(provider, work));
      });

      for (const work of worksOf[provider])
        it(says[work], () => tests[work](provider, titleOf(provider, work)));
    });
  }

  describe('all of them', () => {
    it('have a tank each where two accounts are one vendor’s: what the one cannot give, the other does', async () => {
      const title = 'A task for whoever is left';
      const steps = [commit('left.txt', 'kept'), done()];
      const provider = accountFor('claude-second', 'limit');
      await agents.give('What is left', [{ title, provider, steps }]);
      await until(title, () => agents.hasLanded(title));
      ok(agents.polecat(title)?.seat.tank !== provider);
      const [limited] = asked('claude-second', titleOf('claude-second', 'limit'));
      equal(limited?.headers['x-api-key'], keys.ANTHROPIC_API_KEY);
    });

    it('reached nothing but the loopback server', () => {
      const explained = /^CONNECT raw\.githubusercontent\.com:443$/;
      deepEqual(
        agents.wire.wanted.filter((one) => !explained.test(one)),
        [],
      );
    });
  });
});
