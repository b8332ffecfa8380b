import type { RunnerState } from '../../ports/agents.ts';
import { builtIn } from '../../town/polecat.ts';
import { plain } from '../../words/plain.ts';
import { notFound, refused } from '../commandError.ts';
import { json } from '../print/json.ts';
import { fields, parts } from '../print/lines.ts';
import { type Screen, table } from '../print/table.ts';
import type { Reach } from '../reach.ts';
import { didYouMean } from '../suggest.ts';
import type { Run, Verb } from '../verb.ts';

const list: Run = async (reach, asked) => {
  const runners = await reach.runners(false);
  if (asked.given.is('json')) return json(runners.map(providerJson));
  if (runners.length === 0) return 'No providers. `rigs provider add claude` adds one.';
  return providerTable(runners, asked);
};

export function providerTable(runners: readonly RunnerState[], screen: Screen): string {
  return table<RunnerState>(
    [
      { head: 'PROVIDER', cell: ({ provider }) => provider },
      { head: 'RUNNER', cell: ({ runner }) => runner },
      { head: 'NAME', cell: ({ name }) => name, gives: true },
      { head: 'MODEL', cell: ({ model }) => (model === '' ? 'its default' : model), gives: true },
      { head: 'VERSION', cell: ({ program }) => program?.version ?? '' },
      { head: 'ASKS', cell: ({ mode }) => (mode === null ? '' : modes[mode]) },
      {
        head: 'STATE',
        cell: stateOf,
        gives: true,
        colour: ({ problem }) =>
          problem === null ? 'green' : problem.kind === 'disabled' ? 'dim' : 'yellow',
      },
    ],
    runners,
    screen,
  );
}

const modes = { ask: 'always', edits: 'not for edits', bypass: 'never' } as const;

function providerJson(one: RunnerState) {
  const { provider, runner, name, model, mode, program, known, problem } = one;
  return { provider, runner, name, model, mode, program, known, problem, ready: problem === null };
}

/** What keeps it from running work, and what to do about it. */
export function stateOf({ problem, known, provider }: RunnerState): string {
  if (problem === null) return known === 'older' ? 'ready (older than was tried)' : 'ready';
  switch (problem.kind) {
    case 'disabled':
      return `disabled: rigs provider enable ${provider}`;
    case 'no_key':
      return 'no key: set one in VS Code, or in the editor’s environment';
    case 'missing':
      return problem.install === null
        ? `${problem.command} was not found on PATH`
        : `${problem.command} was not found on PATH: ${problem.install}`;
    case 'unusable':
      return problem.detail;
  }
}

const add: Run = async (reach, { given }) => {
  const name = given.one('provider');
  const before = await reach.runners(false);
  const those = meant(before, name);
  if (those.length === 0)
    throw notFound(
      `Rigs knows no provider ${plain(name, 60)}.${near(before, name)} Any other command line joins by the setting rigs.agents.custom in VS Code, an endpoint that speaks like OpenAI’s by rigs.providers.compatible.`,
    );
  for (const one of those)
    if (one.problem?.kind === 'disabled') await reach.person.enableProvider(which(one), true);
  const now = meant(await reach.runners(true), name);
  return now.map((one) => `${plain(one.name, 60)}: ${plain(stateOf(one), 300)}`).join('\n');
};

const test: Run = async (reach, asked) => {
  const those = await named(reach, asked.given.one('provider'), true);
  await tryAgain(reach, new Set(those.map(({ provider }) => provider)));
  if (asked.given.is('json')) return json(those.map(providerJson));
  const text = those.map(testText).join('\n\n');
  if (those.every(({ problem }) => problem !== null)) throw refused(text);
  return text;
};

/** Who tests says that what only a person mends is mended: accounts that were left out are tried again. */
async function tryAgain(reach: Reach, providers: ReadonlySet<string>): Promise<void> {
  const { tanks } = await reach.accounts.fuel();
  const out = Object.values(tanks).filter(
    ({ provider, problem, breaker }) =>
      providers.has(provider) && (problem !== null || breaker.until !== null),
  );
  if (out.length > 0) await reach.accounts.tell(out.map(({ id }) => ({ kind: 'mended', tank: id })));
}

function testText(one: RunnerState): string {
  return parts(
    plain(one.name, 60),
    fields([
      ['runner', one.runner],
      ['program', one.program?.file ?? ''],
      ['version', one.program?.version ?? ''],
      ['model', one.model],
      ['state', stateOf(one)],
    ]),
  );
}

/** The same switch under three names: a provider that is removed keeps its settings and keys. */
const enable =
  (enabled: boolean, said: string): Run =>
  async (reach, { given }) => {
    const name = given.one('provider');
    const all = await named(reach, name, false);
    const those = enabled ? meant(all, name) : all;
    for (const one of those) await reach.person.enableProvider(which(one), enabled);
    return those.map(({ name }) => `${plain(name, 60)} ${said}`).join('\n');
  };

async function named(reach: Reach, name: string, fresh: boolean): Promise<readonly RunnerState[]> {
  const all = await reach.runners(fresh);
  const those = all.filter((one) => isNamed(one, name));
  if (those.length > 0) return those;
  throw notFound(
    `There is no provider ${plain(name, 60)}.${near(all, name)} \`rigs provider list\` shows all.`,
  );
}

/** By the provider, which may have several runners, by one of them, or by its API (`gemini-api`). */
function isNamed({ provider, runner }: RunnerState, name: string): boolean {
  return provider === name || runner === name || (runner === builtIn && `${provider}-api` === name);
}

/** Whoever takes a provider into use means its command line where it has one: an API is billed, and named as such. */
function meant(all: readonly RunnerState[], name: string): readonly RunnerState[] {
  const those = all.filter((one) => isNamed(one, name));
  const lines = those.filter(({ runner, provider }) => runner !== builtIn && provider === name);
  return lines.length > 0 ? lines : those;
}

function which({ runner, provider }: RunnerState): Pick<RunnerState, 'runner' | 'provider'> {
  return { runner, provider };
}

function near(all: readonly RunnerState[], name: string): string {
  return didYouMean(name, [...new Set(all.flatMap(({ provider, runner }) => [provider, runner]))]);
}

const providerArgument = { name: 'provider', need: 'one' } as const;

export const providerVerbs: readonly Verb[] = [
  {
    words: 'provider list',
    args: [],
    flags: [],
    about: 'What can run work, and what keeps the rest from it.',
    who: 'reader',
    json: true,
    anywhere: true,
    run: list,
  },
  {
    words: 'provider add',
    args: [providerArgument],
    flags: [],
    about: 'Use a provider, and say what it still lacks.',
    who: 'person',
    anywhere: true,
    run: add,
  },
  {
    words: 'provider test',
    args: [providerArgument],
    flags: [],
    about:
      'Look for its program and key anew, and try accounts again that were left out; no model is called.',
    who: 'person',
    json: true,
    anywhere: true,
    run: test,
  },
  {
    words: 'provider remove',
    args: [providerArgument],
    flags: [],
    about: 'Use a provider no more; its settings and keys stay.',
    who: 'person',
    anywhere: true,
    run: enable(
      false,
      'is not used any more. Its settings and keys stay; `rigs provider add` takes it back.',
    ),
  },
  {
    words: 'provider enable',
    args: [providerArgument],
    flags: [],
    about: 'Let a provider take work.',
    who: 'person',
    anywhere: true,
    run: enable(true, 'may take work.'),
  },
  {
    words: 'provider disable',
    args: [providerArgument],
    flags: [],
    about: 'Give a provider no new work.',
    who: 'person',
    anywhere: true,
    run: enable(false, 'gets no new work. What runs goes on.'),
  },
];
