import { version } from '../../system/version.ts';
import { bashCompletion } from '../completions/bash.ts';
import { fishCompletion } from '../completions/fish.ts';
import { type Outline, outlineOf } from '../completions/outline.ts';
import { powershellCompletion } from '../completions/powershell.ts';
import { zshCompletion } from '../completions/zsh.ts';
import { helpAll, helpFor } from '../help.ts';
import { json } from '../print/json.ts';
import type { Run, Verb } from '../verb.ts';

const shells: Readonly<Record<string, (outline: Outline) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
  powershell: powershellCompletion,
};

/** Verbs that need no rig. They never look at their reach. */
export function aloneVerbs(all: () => readonly Verb[]): readonly Verb[] {
  const help: Run = (_, { given }) => {
    const words = given.all('command');
    return Promise.resolve(words.length === 0 ? helpAll(all()) : helpFor(all(), words));
  };
  const completions: Run = (_, { given }) => {
    const print = shells[given.one('shell')];
    return Promise.resolve(print === undefined ? '' : print(outlineOf(all())).trimEnd());
  };
  return [
    {
      words: 'completions',
      args: [{ name: 'shell', need: 'one', values: Object.keys(shells) }],
      flags: [],
      about: 'Print what a shell needs to complete rigs: source <(rigs completions bash).',
      who: 'reader',
      alone: true,
      run: completions,
    },
    {
      words: 'version',
      args: [],
      flags: [],
      about: 'The version of Rigs.',
      who: 'reader',
      json: true,
      alone: true,
      run: (_, { given }) => Promise.resolve(given.is('json') ? json({ version }) : version),
    },
    {
      words: 'help',
      args: [{ name: 'command', need: 'any' }],
      flags: [],
      about: 'All commands, or all about one.',
      who: 'reader',
      alone: true,
      run: help,
    },
  ];
}
