/**
 * What a task holds an agent to, as far as it can be seen without understanding: names of files, text between backticks
 * and quotes, numbers, and sentences that forbid or restrict.
 */
export interface Constraints {
  readonly code: readonly string[];
  readonly quoted: readonly string[];
  readonly files: readonly string[];
  readonly numbers: readonly string[];
  readonly rules: readonly string[];
}

const backticked = /`([^`\n]+)`/g;
const quotes = /"([^"\n]{1,200})"|“([^”\n]{1,200})”|(?<![\p{L}\p{N}])'([^'\n]{2,200})'(?![\p{L}\p{N}])/gu;
const paths = /(?<![\w/.@*-])(?:[\w.@*-]+\/)+[\w.@*-]+/g;
const names = /(?<![\w/.@*-])[\w@*-]+(?:\.[\w@*-]+)*\.[A-Za-z][A-Za-z0-9]{0,9}(?![\w/])/g;
const numerals = /(?<![\w.])[-+]?\d+(?:[.,:]\d+)*(?:\s?%)?/g;
const listMarks = /^\s*(?:[-*+]|\d+[.)])\s+/gm;
/** Written like a path or a file's name, and none. */
const words = new Set([
  'e.g',
  'i.e',
  'and/or',
  'either/or',
  'yes/no',
  'true/false',
  'on/off',
  'input/output',
  'read/write',
]);
const restricting =
  /\b(?:do not|don't|does not|must not|mustn't|shall not|should not|shouldn't|may not|can(?:no|')t|never|no longer|without|except|unless|only|at most|at least|no more than|must|keep|unchanged|not)\b/i;

/** Of a task's words, in their order. */
export function constraintsOf(text: string): Constraints {
  const prose = text.replace(backticked, ' ');
  const files = [...matches(prose, paths), ...matches(prose, names)].map((one) => one.replace(/\.+$/, ''));
  return {
    code: matches(text, backticked),
    quoted: matches(prose, quotes),
    files: files.filter((one) => /[A-Za-z*]/.test(one) && !words.has(one.toLowerCase())),
    numbers: numbersOf(prose),
    rules: sentences(text).filter((one) => restricting.test(one)),
  };
}

/** Every constraint of the original that is gone in the other text, as it was worded; empty: none is. */
export function dropped(original: string, worded: string): readonly string[] {
  const wanted = constraintsOf(original);
  const numbers = new Set(numbersOf(worded).map((one) => tidyNumber(one)));
  const lost = [
    ...[...wanted.code, ...wanted.quoted, ...wanted.files].filter((one) => !worded.includes(one)),
    ...wanted.numbers.filter((one) => !numbers.has(tidyNumber(one))),
    ...lostRules(wanted.rules, sentences(worded)),
  ];
  return [...new Set(lost)];
}

function numbersOf(text: string): readonly string[] {
  return matches(text.replace(listMarks, ''), numerals);
}

/** Thousands are written with and without a comma. */
const tidyNumber = (one: string): string => one.replace(/^\+|[\s,]/g, '');

/** Each rule has a sentence of its own kind that speaks of the same things; one sentence may keep several. */
function lostRules(rules: readonly string[], worded: readonly string[]): readonly string[] {
  const kept = worded.map((one) => ({ kinds: kindsOf(one), stems: stemsOf(one) }));
  return rules.filter((rule) => {
    const kinds = kindsOf(rule);
    const stems = stemsOf(rule);
    return !kept.some(
      (one) => kinds.every((kind) => one.kinds.includes(kind)) && shared(stems, one.stems) >= half(stems),
    );
  });
}

/** A negation stays a negation, "only" an "only", a bound a bound; "must not" may become "avoid". */
const kinds: Readonly<Record<string, RegExp>> = {
  not: /\b(?:not|never|no|none|nothing|nobody|nowhere|without|neither|nor|cannot|avoid|forbidden|\w+n['’]t)\b/i,
  only: /\b(?:only|solely|exclusively|just|nothing (?:but|except|else)|no other|except|unless)\b/i,
  least: /\b(?:at least|minimum|or more|no (?:fewer|less))\b/i,
  most: /\b(?:at most|maximum|up to|or (?:less|fewer)|no more than|within)\b/i,
};
/** They hold a "no" and forbid nothing by it. */
const bounds = /\b(?:no (?:more|fewer|less|other)|nothing (?:but|except|else)|not only)\b/gi;

function kindsOf(sentence: string): readonly string[] {
  return Object.entries(kinds).flatMap(([kind, pattern]) =>
    pattern.test(kind === 'not' ? sentence.replace(bounds, '') : sentence) ? [kind] : [],
  );
}

const small = new Set(
  'the and that this with from for not but are was were will would should must may can never only does have has had its their they them when then than into onto also all any each every there here which what where who how why you your our out over under about just keep stay stays without except unless least most more less other same still very please make sure ensure handle take need needs want kindly important'.split(
    ' ',
  ),
);

/** Words that mean something, without their endings. */
function stemsOf(sentence: string): ReadonlySet<string> {
  const words = sentence.toLowerCase().match(/[\p{L}\p{N}_./-]{3,}/gu) ?? [];
  return new Set(
    words
      .map((one) => one.replace(/^[./-]+|[./-]+$/g, ''))
      .filter((one) => one.length > 2 && !small.has(one))
      .map((one) => one.slice(0, 5)),
  );
}

function shared(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  return [...a].filter((one) => b.has(one)).length;
}

const half = (stems: ReadonlySet<string>): number => Math.ceil(stems.size / 2);

function sentences(text: string): readonly string[] {
  return text
    .split(/\n+|(?<=[.!?;])\s+/)
    .map((one) => one.replace(listMarks, '').trim())
    .filter((one) => one !== '');
}

function matches(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map((match) =>
    (match.slice(1).find((one: string | undefined) => one !== undefined) ?? match[0]).trim(),
  );
}
