import { plain } from '../words/plain.ts';
import { type CommandError, misused } from './commandError.ts';
import { elsewhere } from './elsewhere.ts';
import { didYouMean } from './suggest.ts';
import { type Flag, type Given, type Verb, flagsOf } from './verb.ts';

export interface Parsed {
  readonly verb: Verb;
  readonly given: Given;
  readonly help: boolean;
  /** `--json`, or `--format json`. */
  readonly json: boolean;
}

/** A command line as a verb and what was given to it. Throws `CommandError` `usage`. */
export function parse(verbs: readonly Verb[], argv: readonly string[]): Parsed {
  const line = flagsLast(argv);
  const verb = verbOf(verbs, line);
  const rest = line.slice(verb.words.split(' ').length);
  const read = readRest(verb, rest);
  const help = read.flags.has('help');
  const json = read.flags.has('json') || read.flags.get('format')?.[0] === 'json';
  if (!help) checkArguments(verb, read.words);
  return { verb, given: givenOf(verb, read), help, json };
}

/** `rigs --json status` is `rigs status --json`. */
function flagsLast(argv: readonly string[]): readonly string[] {
  const first = argv.findIndex((word) => !word.startsWith('-'));
  return first <= 0 ? argv : [...argv.slice(first), ...argv.slice(0, first)];
}

function verbOf(verbs: readonly Verb[], argv: readonly string[]): Verb {
  const found = [2, 1]
    .map((count) => argv.slice(0, count).join(' '))
    .flatMap((words) => verbs.filter((verb) => verb.words === words));
  const [verb] = found;
  if (verb !== undefined) return verb;
  throw unknownVerb(verbs, argv);
}

function unknownVerb(verbs: readonly Verb[], [noun = '', second = '']: readonly string[]): CommandError {
  const later = elsewhere([noun, second]);
  if (later !== null) return misused(later);
  const family = verbs.filter(({ words }) => words.startsWith(`${noun} `));
  if (family.length === 0) {
    const nouns = [...new Set(verbs.map(({ words }) => words.split(' ')[0] ?? ''))];
    const near = didYouMean(noun, nouns, (word) => `rigs ${word}`);
    return misused(`There is no command ${shown(noun)}.${near} \`rigs help\` lists all of them.`);
  }
  const known = family.map(({ words }) => words.slice(noun.length + 1));
  const list = known.map((word) => `rigs ${noun} ${word}`).join(', ');
  if (second === '' || second.startsWith('-')) return misused(`Say what to do: ${list}.`);
  const near = didYouMean(second, known, (word) => `rigs ${noun} ${word}`);
  return misused(`There is no command ${shown(`${noun} ${second}`)}.${near} There are: ${list}.`);
}

function shown(text: string): string {
  return `“${plain(text, 60)}”`;
}

interface Read {
  readonly words: readonly string[];
  readonly flags: ReadonlyMap<string, readonly string[]>;
}

function readRest(verb: Verb, rest: readonly string[]): Read {
  const known = flagsOf(verb);
  const words: string[] = [];
  const flags = new Map<string, string[]>();
  for (let at = 0; at < rest.length; at += 1) {
    const word = rest[at] ?? '';
    if (word === '--') {
      words.push(...rest.slice(at + 1));
      break;
    }
    // A dash alone is stdin.
    if (!word.startsWith('-') || word === '-') {
      words.push(word);
      continue;
    }
    const { flag, value } = flagIn(verb, known, word);
    if (flag.takes === undefined) {
      if (value !== null) throw misused(`--${flag.name} takes no value.${see(verb)}`);
      flags.set(flag.name, ['']);
      continue;
    }
    const taken = value ?? rest[(at += 1)];
    if (taken === undefined) throw misused(`--${flag.name} wants a ${flag.takes}.${see(verb)}`);
    if (flags.has(flag.name) && flag.many !== true)
      throw misused(`--${flag.name} was given twice.${see(verb)}`);
    flags.set(flag.name, [...(flags.get(flag.name) ?? []), valueOf(flag, taken)]);
  }
  return { words, flags };
}

function flagIn(
  verb: Verb,
  known: readonly Flag[],
  word: string,
): { readonly flag: Flag; readonly value: string | null } {
  const [, dashes = '', name = '', value] = /^(--?)([^=]*)(?:=([\s\S]*))?$/.exec(word) ?? [];
  const flag = known.find((one) =>
    dashes === '--' ? one.name === name || one.aka?.includes(name) === true : one.short === name,
  );
  if (flag !== undefined) return { flag, value: value ?? null };
  const later = elsewhere([verb.words, word]) ?? elsewhere(['', `${dashes}${name}`]);
  if (later !== null) throw misused(later);
  const near = didYouMean(
    name,
    known.map((one) => one.name),
    (one) => `--${one}`,
  );
  throw misused(`\`rigs ${verb.words}\` has no flag ${shown(dashes + name)}.${near}${see(verb)}`);
}

function valueOf(flag: Flag, given: string): string {
  const value = Object.hasOwn(flag.also ?? {}, given) ? (flag.also?.[given] ?? given) : given;
  if (flag.values === undefined || flag.values.includes(value)) return value;
  const near = didYouMean(given, flag.values);
  throw misused(
    `${shown(given)} is no ${flag.takes ?? 'value'} for --${flag.name}.${near} One of: ${flag.values.join(', ')}.`,
  );
}

function checkArguments(verb: Verb, words: readonly string[]): void {
  const least = verb.args.filter(({ need }) => need === 'one' || need === 'some').length;
  const missing = verb.args[words.length];
  if (words.length < least)
    throw misused(`\`rigs ${verb.words}\` wants a ${missing?.name ?? ''}.${see(verb)}`);
  const open = verb.args.some(({ need }) => need === 'some' || need === 'any');
  const extra = words[verb.args.length];
  if (extra !== undefined && !open)
    throw misused(
      `\`rigs ${verb.words}\` does not know what to do with ${shown(extra)}. Put a text of several words in quotes.${see(verb)}`,
    );
  for (const [at, { name, values }] of verb.args.entries()) {
    const word = words[at];
    if (word === undefined || values === undefined || values.includes(word)) continue;
    throw misused(`${shown(word)} is no ${name}.${didYouMean(word, values)} One of: ${values.join(', ')}.`);
  }
}

function see(verb: Verb): string {
  return ` \`rigs help ${verb.words}\` says more.`;
}

function givenOf(verb: Verb, { words, flags }: Read): Given {
  const all = (name: string): readonly string[] => {
    const at = verb.args.findIndex((one) => one.name === name);
    const argument = verb.args[at];
    if (argument === undefined) return flags.get(name) ?? [];
    const open = argument.need === 'some' || argument.need === 'any';
    return open ? words.slice(at) : words.slice(at, at + 1);
  };
  return {
    all,
    one: (name) => all(name)[0] ?? '',
    maybe: (name) => all(name)[0] ?? null,
    is: (name) => flags.has(name),
  };
}
