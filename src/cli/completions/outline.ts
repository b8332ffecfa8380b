import { type Flag, type Verb, flagsOf } from '../verb.ts';

export interface Word {
  readonly word: string;
  readonly about: string;
}

/** One flag as a shell completes it. */
export interface CompletedFlag {
  /** `--priority`, `-p`. */
  readonly spellings: readonly string[];
  readonly about: string;
  /** Null: a switch. Empty: anything. */
  readonly values: readonly string[] | null;
}

/** What a shell needs to know of the table of verbs. */
export interface Outline {
  readonly firsts: readonly Word[];
  /** By first word. */
  readonly seconds: readonly { readonly first: string; readonly words: readonly Word[] }[];
  readonly verbs: readonly {
    readonly words: string;
    readonly flags: readonly CompletedFlag[];
    /** Of its first argument. */
    readonly values: readonly string[];
  }[];
}

export function outlineOf(verbs: readonly Verb[]): Outline {
  const firstWords = [...new Set(verbs.map(({ words }) => words.split(' ')[0] ?? ''))];
  return {
    firsts: firstWords.map((word) => ({ word, about: aboutFirst(verbs, word) })),
    seconds: firstWords.flatMap((first) => {
      const family = verbs.filter(({ words }) => words.startsWith(`${first} `));
      const words = family.map((verb) => ({ word: verb.words.slice(first.length + 1), about: verb.about }));
      return words.length === 0 ? [] : [{ first, words }];
    }),
    verbs: verbs.map((verb) => ({
      words: verb.words,
      flags: flagsOf(verb).map(completed),
      values: verb.words === 'help' ? firstWords : (verb.args[0]?.values ?? []),
    })),
  };
}

function aboutFirst(verbs: readonly Verb[], word: string): string {
  const alone = verbs.find(({ words }) => words === word);
  if (alone !== undefined) return alone.about;
  const family = verbs.filter(({ words }) => words.startsWith(`${word} `));
  return family.map(({ words }) => words.slice(word.length + 1)).join(', ');
}

function completed({ name, short, about, takes, values }: Flag): CompletedFlag {
  const spellings = [`--${name}`, ...(short === undefined ? [] : [`-${short}`])];
  return { spellings, about, values: takes === undefined ? null : (values ?? []) };
}
