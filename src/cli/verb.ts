import type { CommandCall } from '../gateway/command.ts';
import type { Speaker } from '../gateway/verbs.ts';
import type { Reach } from './reach.ts';

export interface Argument {
  readonly name: string;
  /** `maybe`: at most one · `some`: one or more · `any`: none or more. Only the last may be more than one. */
  readonly need: 'one' | 'maybe' | 'some' | 'any';
  readonly values?: readonly string[];
}

export interface Flag {
  readonly name: string;
  readonly short?: string;
  /** The same flag in other words, of the seeds. */
  readonly aka?: readonly string[];
  /** What its value is called in the help; without it, it is a switch. */
  readonly takes?: string;
  readonly values?: readonly string[];
  /** Other spellings of its values. */
  readonly also?: Readonly<Record<string, string>>;
  /** May be given more than once. */
  readonly many?: true;
  readonly about: string;
}

/** What was given to a verb. Names are those of its arguments and flags. */
export interface Given {
  /** An argument that must be there. */
  one(name: string): string;
  maybe(name: string): string | null;
  all(name: string): readonly string[];
  is(name: string): boolean;
}

export interface Asked extends CommandCall {
  readonly verb: Verb;
  readonly given: Given;
  readonly speaker: Speaker;
}

/** What goes to stdout. Throws `CommandError` for everything that is not done. */
export type Run = (reach: Reach, asked: Asked, signal: AbortSignal) => Promise<string>;

/**
 * `reader`: whoever has a token may read · `person`: it changes something, or shows what is the person's alone ·
 * `agent`: a worker says it of its own bead · `both`: each has a form of it.
 */
export type Who = 'reader' | 'person' | 'agent' | 'both';

/** One command: from this table come parsing, help, completions and the README's table. */
export interface Verb {
  /** `bead create`. */
  readonly words: string;
  readonly args: readonly Argument[];
  readonly flags: readonly Flag[];
  /** One line: what it does. */
  readonly about: string;
  readonly who: Who;
  /** It takes `--json`. */
  readonly json?: true;
  /** Reads stdin where an argument or flag is `-`. */
  readonly stdin?: true;
  /** `asks`: it asks back at a terminal · `streams`: it goes on until Ctrl+C. Both are done by the Node client. */
  readonly terminal?: 'asks' | 'streams';
  /** Answered by the client itself; it needs no rig. */
  readonly alone?: true;
  /** It is asked of a person's window, from wherever, and not of the rig around. */
  readonly anywhere?: true;
  readonly run: Run;
}

/** For verbs that need nothing but words. */
export const jsonFlag: Flag = { name: 'json', about: 'For programs: JSON instead of a table.' };
export const helpFlag: Flag = { name: 'help', short: 'h', about: 'What the command does.' };
export const wholeFlag: Flag = { name: 'verbose', short: 'v', about: 'Nothing is cut to the terminal.' };
/** The first seed's spelling of `--json`. */
export const formatFlag: Flag = {
  name: 'format',
  takes: 'format',
  values: ['text', 'json'],
  about: 'The same as --json, or not.',
};

/** A verb's own flags and those that every verb like it has. */
export function flagsOf(verb: Verb): readonly Flag[] {
  const reads = verb.json === true ? [jsonFlag, formatFlag, wholeFlag] : [];
  return [...verb.flags, ...reads, helpFlag];
}
