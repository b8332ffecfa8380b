import type { Outline } from './outline.ts';

/** For bash 3.2 and newer. Words are of our own table: none needs quoting inside single quotes. */
export function bashCompletion({ firsts, seconds, verbs }: Outline): string {
  const list = (words: readonly string[]): string => `list='${words.join(' ')}'`;
  return `# rigs completions for bash: source it, or put it where bash-completion looks.
_rigs() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]}
  local first=\${COMP_WORDS[1]-} second=\${COMP_WORDS[2]-} verb='' list=''
  case "$first $second" in
${verbs
  .filter(({ words }) => words.includes(' '))
  .map(({ words }) => `    '${words}') verb='${words}' ;;`)
  .join('\n')}
    *) verb=$first ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then
    ${list(firsts.map(({ word }) => word))}
  else
    case "$verb $prev" in
${verbs
  .flatMap(({ words, flags }) =>
    flags.flatMap(({ spellings, values }) =>
      values === null
        ? []
        : [`      ${spellings.map((one) => `'${words} ${one}'`).join(' | ')}) ${list(values)} ;;`],
    ),
  )
  .join('\n')}
      *)
        case "$verb" in
${verbs
  .map(
    ({ words, flags, values }) =>
      `          '${words}') ${list([...values, ...flags.flatMap(({ spellings }) => spellings.slice(0, 1))])} ;;`,
  )
  .join('\n')}
        esac
        if [ "$COMP_CWORD" -eq 2 ]; then
          case "$first" in
${seconds.map(({ first, words }) => `            '${first}') ${list(words.map(({ word }) => word))} ;;`).join('\n')}
          esac
        fi
        ;;
    esac
  fi
  COMPREPLY=( $(compgen -W "$list" -- "$cur") )
}
complete -o default -F _rigs rigs rgt
`;
}
