import { type CommandError, misused } from './commandError.ts';
import { fields, indent, parts } from './print/lines.ts';
import { didYouMean } from './suggest.ts';
import { type Argument, type Flag, type Verb, flagsOf } from './verb.ts';

/** All commands in a few screens. */
export function helpAll(verbs: readonly Verb[]): string {
  return parts(
    'Usage: rigs <command> [--help]',
    indent(fields(verbs.map((verb) => [usageOf(verb), verb.about] as const))),
    exitWords,
  );
}

const exitWords =
  'Exit codes: 0 done, 1 refused, 2 not understood, 3 no window runs the rig, 4 not found, 130 interrupted.';

/** All about one command, or about those that begin with a word. Throws `CommandError` for others. */
export function helpFor(verbs: readonly Verb[], words: readonly string[]): string {
  const name = words.join(' ');
  const exact = verbs.find((verb) => verb.words === name);
  if (exact !== undefined) return helpOf(exact);
  const family = verbs.filter((verb) => verb.words.startsWith(`${name} `));
  if (family.length > 0)
    return parts(
      `Usage: rigs ${name} <command>`,
      indent(fields(family.map((verb) => [usageOf(verb), verb.about] as const))),
    );
  throw unknown(verbs, name);
}

function unknown(verbs: readonly Verb[], name: string): CommandError {
  const near = didYouMean(
    name,
    verbs.map(({ words }) => words),
    (words) => `rigs help ${words}`,
  );
  return misused(`There is no command of that name.${near} \`rigs help\` lists all of them.`);
}

export function helpOf(verb: Verb): string {
  return parts(
    `Usage: rigs ${usageOf(verb)}${verb.flags.length === 0 ? '' : ' [flags]'}`,
    verb.about,
    whoWords[verb.who],
    indent(fields(flagsOf(verb).map((flag) => [flagWords(flag), flagAbout(flag)] as const))),
    verb.json === true ? exitWords : '',
  );
}

const whoWords: Readonly<Record<Verb['who'], string>> = {
  reader: '',
  person: 'Only a person may say this, not an agent.',
  agent: 'Only an agent says this, of the bead it holds.',
  both: '',
};

/** `bead show <bead>`, `sling <bead or task> …`. */
export function usageOf({ words, args }: Pick<Verb, 'words' | 'args'>): string {
  return [words, ...args.map(argumentWords)].join(' ');
}

function argumentWords({ name, need, values }: Argument): string {
  const shown = values === undefined ? `<${name}>` : `<${values.join('|')}>`;
  const several = need === 'some' || need === 'any' ? `${shown} …` : shown;
  return need === 'maybe' || need === 'any' ? `[${several}]` : several;
}

export function flagWords({ name, short, takes }: Flag): string {
  const long = takes === undefined ? `--${name}` : `--${name} <${takes}>`;
  return short === undefined ? long : `-${short}, ${long}`;
}

function flagAbout({ about, aka }: Flag): string {
  return aka === undefined ? about : `${about} Also ${aka.map((one) => `--${one}`).join(', ')}.`;
}
