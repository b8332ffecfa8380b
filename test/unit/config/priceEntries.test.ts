import { deepEqual, equal, match, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { readConfig } from '../../../src/config/configFile.ts';
import { goodPrices, readPrice } from '../../../src/config/priceEntries.ts';
import { priceOf, priceRowOf } from '../../../src/town/price.ts';
import { prices, withOwn } from '../../../src/town/prices.ts';
import { configProblemWords } from '../../../src/words/settings.ts';
import { priceFaultWords, priceSourceWords } from '../../../src/words/prices.ts';
import { plainEnglish } from '../../../src/words/translate.ts';

const mine = {
  ...{ provider: 'openai', model: 'gpt-6-sol', input: 1, cachedInput: 0.5, output: 4 },
  ...{ currency: 'USD', asOf: '2026-10-16', source: 'my contract' },
};
const day = (text: string): number => Date.parse(`${text}T12:00:00Z`);
const million = { input: 1e6, cachedInput: 1e6, output: 1e6 };
const cost = (written: readonly unknown[], model = 'gpt-6-sol', at = '2026-11-01', provider = 'openai') =>
  priceOf(provider, model, million, day(at), 1000, withOwn(goodPrices(written)));

describe('A price of a person’s own', () => {
  it('counts before the one that is known, for that model alone', () => {
    equal(cost([]), 2 + 0.2 + 10);
    equal(cost([mine]), 1 + 0.5 + 4);
    equal(cost([mine], 'openai/GPT-6.sol-2026-09-01'), 1 + 0.5 + 4);
    equal(cost([mine], 'gpt-6-luna'), cost([], 'gpt-6-luna'));
  });

  it('is one where none is known, also for all models of an endpoint', () => {
    equal(cost([], 'anything', '2026-11-01', 'Groq'), null);
    equal(cost([{ ...mine, provider: 'Groq', model: '*' }], 'anything', '2026-11-01', 'Groq'), 5.5);
    equal(cost([{ ...mine, provider: 'claude', model: '*' }], '', '2026-11-01', 'claude'), 5.5);
  });

  it('holds from its day on; of two the newer one does', () => {
    equal(cost([mine], 'gpt-6-sol', '2026-10-15'), cost([], 'gpt-6-sol', '2026-10-15'));
    const later = { ...mine, asOf: '2026-10-20', output: 40 };
    equal(cost([mine, later]), 41.5);
    equal(cost([later, mine], 'gpt-6-sol', '2026-10-17'), 5.5);
  });

  it('that says nothing of a cache leaves what used one without a price, which is never nothing', () => {
    const { cachedInput: _none, ...without } = mine;
    for (const one of [without, { ...mine, cachedInput: null }]) {
      equal(cost([one]), null);
      equal(
        priceOf(
          'openai',
          'gpt-6-sol',
          { ...million, cachedInput: 0 },
          day('2026-11-01'),
          1000,
          withOwn(goodPrices([one])),
        ),
        5,
      );
    }
  });

  it('that does not fit is left out by name, and the others count', () => {
    const faults: string[] = [];
    const good = goodPrices([7, { ...mine, output: -1 }, mine], (_, fault) => faults.push(fault));
    deepEqual(faults, ['entry', 'output']);
    equal(good.length, 1);
  });

  const wrong: readonly (readonly [string, unknown])[] = [
    ['entry', null],
    ['entry', [mine]],
    ['provider', { ...mine, provider: '' }],
    ['provider', { ...mine, provider: '__proto__' }],
    ['model', { ...mine, model: ' ' }],
    ['model', { ...mine, model: 'a*b' }],
    ['input', { ...mine, input: '1' }],
    ['input', { ...mine, input: NaN }],
    ['cachedInput', { ...mine, cachedInput: -1 }],
    ['output', { ...mine, output: 1e9 }],
    ['output', { ...mine, output: undefined }],
    ['currency', { ...mine, currency: 'EUR' }],
    ['asOf', { ...mine, asOf: '2026-02-30' }],
    ['asOf', { ...mine, asOf: 'today' }],
    ['source', { ...mine, source: '' }],
    ['unknown', { ...mine, perToken: 1 }],
  ];
  for (const [fault, entry] of wrong)
    it(`is refused for its ${fault}: ${JSON.stringify(entry)}`, () => {
      deepEqual(readPrice(entry), { fault });
    });

  it('is read, or refused with what to write instead, whatever somebody wrote', () => {
    fc.assert(
      fc.property(fc.anything(), (entry) => {
        const read = readPrice(entry);
        ok(!('fault' in read) || priceFaultWords(read.fault, plainEnglish).length > 20);
      }),
    );
  });
});

describe('Prices in config.toml', () => {
  const text = [
    '[[prices]]',
    'provider = "openai"',
    'model = "gpt-6-sol"',
    'input = 1',
    'cached_input = 0.5',
    'output = 4',
    'as_of = "2026-10-16"',
    'source = "my contract"',
    '',
  ].join('\n');
  const pricesIn = (config: string) =>
    readConfig(config, 'person').said.find(({ setting }) => setting === 'rigs.prices')?.value;

  it('are those of the setting', () => {
    deepEqual(readConfig(text, 'person').problems, []);
    equal(cost(pricesIn(text) as readonly unknown[]), 5.5);
  });

  it('count one by one: a wrong one is marked where it stands, and said why', () => {
    const both = `${text}\n${text.replace('output = 4', 'output = "4"')}`;
    equal((pricesIn(both) as readonly unknown[]).length, 1);
    const { problems } = readConfig(both, 'person');
    deepEqual(
      problems.map(({ code, place: { line } }) => [code, line]),
      [['price', 10]],
    );
    for (const problem of problems)
      match(configProblemWords(problem, plainEnglish), /does not count\. "output" takes what a million/);
  });

  it('are no repository’s to say', () => {
    const { said, problems } = readConfig(text, 'repository');
    deepEqual([said, problems.map(({ code }) => code)], [[], ['not_yours']]);
  });
});

describe('Where a price comes from', () => {
  const told = (provider: string, model: string, own: readonly unknown[] = []): string => {
    const row = priceRowOf(provider, model, day('2026-11-01'), withOwn(goodPrices(own)));
    return priceSourceWords(provider, model, row, plainEnglish);
  };

  it('is said with its day', () => {
    equal(told('claude', 'opus'), 'Claude opus: platform.claude.com, pricing, read 2026-09-23');
    equal(
      told('openai', 'gpt-6-sol', [mine]),
      'OpenAI gpt-6-sol: your own price as of 2026-10-16, my contract',
    );
    equal(told('nobody', ''), 'nobody: price unknown');
  });

  it('is known of every price that is built in', () => {
    for (const { read, source } of prices) {
      match(read, /^2026-\d\d-\d\d$/);
      ok(source.length > 3);
    }
  });
});
