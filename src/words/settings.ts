import type { Answer, ConfigProblem } from '../config/config.ts';
import type { Expectation } from '../config/settingRows.ts';
import type { SettingKey } from '../config/settingKeys.ts';
import type { SettingProblem } from '../config/settings.ts';
import { plain } from './plain.ts';
import { ruleFaultWords } from './approvalRules.ts';
import { priceFaultWords } from './prices.ts';
import type { Translate } from './translate.ts';

/** Names the setting, the value found and what holds instead. */
export function settingSentence(problem: SettingProblem, t: Translate): string {
  const whole = JSON.stringify(problem.value);
  const shown = mayBeSecret(problem.key) ? '…' : whole.length > 80 ? `${whole.slice(0, 79)}…` : whole;
  if (problem.expected.kind === 'entry') {
    const facts = { key: problem.key, value: shown, why: problem.expected.why };
    return t('The setting {key} holds {value}, which is left out. {why}', facts);
  }
  return t('The setting {key} is {value}, but takes {expected}. Rigs uses {used} instead.', {
    key: problem.key,
    value: shown,
    expected: expectation(problem.expected, t),
    used: JSON.stringify(problem.used),
  });
}

/** Where a key may have been written by mistake, which no log is to show. */
export function mayBeSecret(key: SettingKey): boolean {
  return key.startsWith('rigs.providers.') && !/\.(enabled|model)$/.test(key);
}

function expectation(expected: Expectation, t: Translate): string {
  switch (expected.kind) {
    case 'entry':
      return expected.why;
    case 'wholeNumber':
      return t('a whole number from {min} to {max}', { min: expected.min, max: expected.max });
    case 'number':
      return t('a number from {min} to {max}', { min: expected.min, max: expected.max });
    case 'oneOf':
      return t('one of {values}', {
        values: expected.values.map((one) => JSON.stringify(one)).join(', '),
      });
    case 'variable':
      return t('the name of a variable such as {example}, never the key itself', {
        example: 'OPENAI_API_KEY',
      });
    case 'listOfAgentNames':
      return t('a list of names such as {example}', { example: 'claude-code' });
    default:
      return plainExpectations[expected.kind](t);
  }
}

type PlainKind = Exclude<
  Expectation['kind'],
  'entry' | 'wholeNumber' | 'number' | 'oneOf' | 'variable' | 'listOfAgentNames'
>;

const plainExpectations: Readonly<Record<PlainKind, (t: Translate) => string>> = {
  text: (t) => t('a text'),
  model: (t) => t('the name of a model, which begins with no dash'),
  trueOrFalse: (t) => t('true or false'),
  listOfTexts: (t) => t('a list of texts'),
  listOfWords: (t) => t('a list of words (letters, digits and _)'),
  customAgents: (t) => t('a list of agents, each with "name" and "command"'),
  share: (t) => t('an object that names "link", "clone" or "copy" for each folder inside the repository'),
  program: (t) => t('null, or an object with "command" and "args"'),
  checks: (t) =>
    t(
      'null, or a list of checks with different names, each with "name", "command" and "args", and where wanted "timeoutSeconds", "env" (texts by names of letters, digits and _) and "only" (globs of files within the repository)',
    ),
  affinity: (t) => t('an object of bead types, each with a number from 0 to 1 for each provider'),
  thresholds: (t) =>
    t('an object of providers, each with "yellow" and "red" from 0 to 1, yellow not below red'),
  budgets: (t) =>
    t(
      'an object with "bead", "convoy", "day" and "provider", each limited in "tokens" or "usd", not below 0',
    ),
  address: (t) => t('an address that begins with http:// or https:// and holds no password'),
  backend: (t) => t('"auto", "none" or the name of a provider'),
  prices: (t) =>
    t('a list of prices, each with a provider, a model, its USD a million tokens, a day and a source'),
  approvalRules: (t) =>
    t('a list of rules, each with one or more of "paths", "maxLines", "types", "providers" and "labels"'),
  compatible: (t) =>
    t(
      'a list of endpoints with different names that no other provider has, each with a name, a base URL and a model',
    ),
};

/** What is wrong at a place of a `config.toml`. No value of the file is quoted: it may be a key. */
export function configProblemWords(problem: ConfigProblem, t: Translate): string {
  switch (problem.code) {
    case 'syntax':
      return t('This is no TOML, so nothing of the file counts: {message}.', {
        message: plain(problem.message, 200),
      });
    case 'deep':
      return t('This file is nested too deeply, so nothing of it counts.');
    case 'unknown_key':
      return t('Rigs knows no key {key}.', { key: plain(problem.key, 100) });
    case 'wrong_value':
      return t('{key} takes {expected}. What stands here does not count.', {
        key: plain(problem.key, 100),
        expected: expectation(problem.expected, t),
      });
    case 'price':
      return t('This price does not count. {why}', { why: priceFaultWords(problem.fault, t) });
    case 'rule':
      return t('This rule approves nothing. {why}', { why: ruleFaultWords(problem.fault, t) });
    case 'thresholds':
      return t('The yellow threshold of {provider} lies below the red one. Neither counts.', {
        provider: plain(problem.provider, 60),
      });
    case 'not_yours':
      return t(
        '{key} is not a repository’s to say. It counts in your own settings, or in your own config.toml.',
        { key: plain(problem.key, 100) },
      );
    case 'answered':
      return answers[problem.answer](t);
  }
}

const answers: Readonly<Record<Answer, (t: Translate) => string>> = {
  workspace: (t) => t('Each rig keeps its own memory; there is no folder to name for it.'),
  logLevel: (t) => t('How much is logged is chosen in VS Code, with “Developer: Set Log Level…”.'),
  fallbackModel: (t) => t('Which model goes on when one runs dry is decided by how much is left of each.'),
  fallbackToApi: (t) =>
    t('With backend = "auto" in [assayer], Rigs goes on to the next provider that is there.'),
};
