import type { Outline } from './outline.ts';

/** For fish 3: into `~/.config/fish/completions/rigs.fish`. */
export function fishCompletion({ firsts, seconds, verbs }: Outline): string {
  const lines = [
    ...firsts.map(({ word, about }) => `-n __rigs_first -f -a ${word} -d ${quoted(about)}`),
    ...seconds.flatMap(({ first, words }) =>
      words.map(({ word, about }) => `-n ${quoted(`__rigs_is ${first}`)} -f -a ${word} -d ${quoted(about)}`),
    ),
    ...verbs.flatMap(({ words, flags, values }) => [
      ...(values.length === 0
        ? []
        : [`-n ${quoted(`__rigs_in ${words}`)} -f -a ${quoted(values.join(' '))}`]),
      ...flags.map(({ spellings, about, values: of }) => {
        const [long = '', short] = spellings;
        const takes = of === null ? '' : of.length === 0 ? ' -r' : ` -x -a ${quoted(of.join(' '))}`;
        const brief = short === undefined ? '' : ` -s ${short.slice(1)}`;
        return `-n ${quoted(`__rigs_in ${words}`)} -l ${long.slice(2)}${brief}${takes} -d ${quoted(about)}`;
      }),
    ]),
  ];
  return `# rigs completions for fish.
function __rigs_words
    set -l words (commandline -opc)
    set -e words[1]
    string join ' ' -- $words
end
function __rigs_first
    test -z (__rigs_words | string collect --allow-empty)
end
function __rigs_is
    test (__rigs_words | string collect --allow-empty) = "$argv"
end
function __rigs_in
    string match -q -- "$argv *" (__rigs_words | string collect --allow-empty)' '
end
${['rigs', 'rgt'].flatMap((program) => lines.map((line) => `complete -c ${program} ${line}`)).join('\n')}
`;
}

/** In single quotes fish knows two escapes: of the quote and of the backslash. */
function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, (one) => `\\${one}`)}'`;
}
