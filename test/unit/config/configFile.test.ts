import { deepEqual, equal, ok } from 'node:assert/strict';
import fc from 'fast-check';
import type { Config, Whose } from '../../../src/config/config.ts';
import { emptyConfig } from '../../../src/config/config.ts';
import { readConfig } from '../../../src/config/configFile.ts';
import { settle } from '../../../src/config/precedence.ts';
import { configProblemWords } from '../../../src/words/settings.ts';
import { plainEnglish } from '../../../src/words/translate.ts';

/** The example of the first seed's documentation, each key of it. */
const seedFile = `
[general]
workspace = "~/.rigs"
log_level = "info"

[providers.claude]
enabled = true
model = "claude-sonnet-4-20250514"
threshold_yellow = 0.5
threshold_red = 0.2

[providers.codex]
enabled = false
threshold_yellow = 0.4
threshold_red = 0.15

[providers.gemini]
enabled = true
model = "gemini-2.5-pro"
fallback_model = "gemini-2.5-flash"
api_key_env = "GEMINI_API_KEY"

[providers.deepseek]
enabled = true
model = "deepseek-chat"
api_key_env = "DEEPSEEK_API_KEY"

[assayer]
planner_model = "deepseek-r1:7b"
optimizer_model = "qwen3:8b"
estimator_model = "llama3.2:3b"
quality_model = "llama3.2:3b"
use_ollama = true
fallback_to_api = true

[routing]
strategy = "aggressive"

[routing.affinity.test]
codex = 1.0
claude = 0.25
`;

const valueOf = (config: Config, key: Parameters<typeof settle>[0], whose: Whose = 'person'): unknown =>
  settle(key, { editor: undefined, repository: emptyConfig, person: emptyConfig, [whose]: config });
const codes = (text: string, whose: Whose = 'person'): readonly string[] =>
  readConfig(text, whose).problems.map(
    ({ code, place }) => `${code} ${String(place.line)}:${String(place.column)}`,
  );

describe('A config.toml', () => {
  it('of the first seed says what it said there', () => {
    const config = readConfig(seedFile, 'person');
    deepEqual(
      config.problems.map((one) => ('key' in one ? one.key : one.code)),
      [
        'general.workspace',
        'general.log_level',
        'providers.gemini.fallback_model',
        'assayer.fallback_to_api',
      ],
    );
    const expected = {
      'rigs.claudeCode.enabled': true,
      'rigs.claudeCode.model': 'claude-sonnet-4-20250514',
      'rigs.codex.enabled': false,
      'rigs.gemini.model': 'gemini-2.5-pro',
      'rigs.providers.gemini.enabled': false,
      'rigs.providers.deepseek.model': 'deepseek-chat',
      'rigs.assayer.backend': 'ollama',
      'rigs.assayer.plannerModel': 'deepseek-r1:7b',
      'rigs.assayer.inspectorModel': 'llama3.2:3b',
      'rigs.routing.strategy': 'aggressive',
      'rigs.routing.affinity': { test: { codex: 1, claude: 0.25 } },
      'rigs.tanks.thresholds': { claude: { yellow: 0.5, red: 0.2 }, codex: { yellow: 0.4, red: 0.15 } },
    } as const;
    for (const [key, value] of Object.entries(expected))
      deepEqual(valueOf(config, key as keyof typeof expected), value, key);
  });

  it('that switches a provider off switches off its command line and its API', () => {
    const config = readConfig('[providers.claude]\nenabled = false', 'person');
    equal(valueOf(config, 'rigs.claudeCode.enabled'), false);
    equal(valueOf(config, 'rigs.providers.claude.enabled'), false);
  });

  it('that is no TOML counts for nothing and says where', () => {
    const config = readConfig('[routing]\nstrategy = "aggressive"\nstrategy = "balanced"\n', 'person');
    deepEqual(config.said, []);
    deepEqual(
      config.problems.map(({ code, place: { line } }) => [code, line]),
      [['syntax', 2]],
    );
  });

  it('with one wrong value keeps the rest, and the place is that of the value', () => {
    const text =
      '[routing]\nprice_weight = nan\nstrategy = "aggressive"\nmax_per_model = -1\nmax_per_modell = 3\n';
    deepEqual(codes(text), ['wrong_value 1:15', 'wrong_value 3:16', 'unknown_key 4:17']);
    equal(valueOf(readConfig(text, 'person'), 'rigs.routing.strategy'), 'aggressive');
  });

  it('takes no NaN, no infinity, nothing negative, nothing huge and no date for a number', () => {
    for (const wrong of [
      'nan',
      'inf',
      '-inf',
      '-0.1',
      '1e300',
      '99999999999999999999',
      '1979-05-27',
      '"0.5"',
      'true',
      '[]',
      '{}',
    ])
      for (const key of [
        'routing.price_weight',
        'routing.affinity.test.claude',
        'providers.claude.threshold_red',
        'savings.control_share',
        'routing.max_per_model',
      ])
        deepEqual(
          codes(`${key} = ${wrong}`).map((one) => one.split(' ')[0]),
          ['wrong_value'],
          `${key} = ${wrong}`,
        );
  });

  it('with a yellow threshold below the red one has neither', () => {
    const text = '[providers.claude]\nthreshold_yellow = 0.1\n';
    deepEqual(codes(text), ['thresholds 1:19']);
    deepEqual(valueOf(readConfig(text, 'person'), 'rigs.tanks.thresholds'), {});
    // The other one is as by default.
    const one = readConfig('[providers.mine]\nthreshold_red = 0.5', 'person');
    deepEqual(valueOf(one, 'rigs.tanks.thresholds'), { mine: { yellow: 0.5, red: 0.5 } });
  });

  it('names endpoints that speak like OpenAI’s', () => {
    const text =
      '[[providers.compatible]]\nname = "Groq"\nbase_url = "https://h/v1"\nmodel = "m"\napi_key_env = "GROQ_KEY"\n';
    const config = readConfig(text, 'person');
    deepEqual(config.problems, []);
    const [one] = valueOf(config, 'rigs.providers.compatible') as readonly unknown[];
    deepEqual(one, {
      enabled: true,
      name: 'Groq',
      baseUrl: 'https://h/v1',
      model: 'm',
      apiKeyEnv: 'GROQ_KEY',
    });
    deepEqual(codes(`${text}api_key = "sk-1"`), ['unknown_key 5:10']);
    deepEqual(codes(text.replace('Groq', 'claude')), ['wrong_value 1:7']);
  });

  it('of a repository says how seats are chosen and which models assay, and nothing else', () => {
    const fine =
      'routing.strategy = "aggressive"\nproviders.claude.threshold_red = 0.1\nassayer.planner_model = "m"\n';
    deepEqual(codes(fine, 'repository'), []);
    for (const line of [
      'providers.claude.enabled = true',
      'providers.openai.base_url = "https://theirs"',
      'providers.openai.api_key_env = "AWS_SECRET"',
      'providers.compatible = [{ name = "x", base_url = "https://theirs", model = "m" }]',
      'assayer.backend = "deepseek"',
      'assayer.use_ollama = false',
      'assayer.inspect = false',
      'routing.move_on = "always"',
      'budgets.day.usd = 1000',
      'savings.control_share = 1',
    ]) {
      const config = readConfig(line, 'repository');
      deepEqual(config.said, [], line);
      deepEqual(
        config.problems.map(({ code }) => code),
        ['not_yours'],
        line,
      );
    }
  });

  it('is read, or named as what it is, whatever somebody wrote', () => {
    const pieces = [
      '[',
      ']',
      '=',
      '"',
      '.',
      '\n',
      'routing',
      '__proto__',
      'x',
      '1',
      '{',
      '}',
      "'",
      '#',
      '\u0000',
      '\\',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 40 }), (parts) => {
        const { said, problems } = readConfig(parts.join(''), 'repository');
        ok(said.length + problems.length >= 0);
        for (const problem of problems) ok(configProblemWords(problem, plainEnglish) !== '');
      }),
    );
    deepEqual(codes(`x = ${'['.repeat(20_000)}${']'.repeat(20_000)}`), ['deep 0:0']);
    deepEqual(
      codes('__proto__.polluted = 1\n[routing.affinity.test.__proto__]\nclaude = 1').map(
        (one) => one.split(' ')[0],
      ),
      ['unknown_key', 'unknown_key'],
    );
    equal(({} as Record<string, unknown>)['polluted'], undefined);
  });

  it('never shows a value that may be a key', () => {
    const { problems } = readConfig(
      '[providers.openai]\napi_key = "sk-secret"\napi_key_env = "sk-secret"',
      'person',
    );
    equal(problems.length, 2);
    for (const one of problems) ok(!configProblemWords(one, plainEnglish).includes('secret'));
  });
});

describe('Who is heard when several say a setting', () => {
  const person = readConfig(
    '[routing]\nstrategy = "aggressive"\n[routing.affinity.test]\nclaude = 0.1\ncodex = 0.2',
    'person',
  );
  const repository = readConfig(
    '[routing]\nstrategy = "conservative"\n[routing.affinity.test]\ncodex = 0.3\ngemini = 0.4',
    'repository',
  );

  it('the editor’s settings, then the repository, then the person’s file, then nobody', () => {
    const key = 'rigs.routing.strategy';
    equal(settle(key, { editor: 'balanced', repository, person }), 'balanced');
    equal(settle(key, { editor: undefined, repository, person }), 'conservative');
    equal(settle(key, { editor: undefined, repository: emptyConfig, person }), 'aggressive');
    equal(settle(key, { editor: undefined, repository: emptyConfig, person: emptyConfig }), 'balanced');
  });

  it('entry by entry where a setting has entries', () => {
    const editor = { test: { gemini: 0.5 }, review: { claude: 1 } };
    deepEqual(settle('rigs.routing.affinity', { editor, repository, person }), {
      test: { claude: 0.1, codex: 0.3, gemini: 0.5 },
      review: { claude: 1 },
    });
  });

  it('where the editor’s is wrong, the next holds and is named', () => {
    const used: unknown[] = [];
    const key = 'rigs.routing.strategy';
    equal(
      settle(key, { editor: 'wild', repository, person }, (one) => used.push(one.used)),
      'conservative',
    );
    deepEqual(used, ['conservative']);
  });
});
