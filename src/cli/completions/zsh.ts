import type { Outline } from './outline.ts';

/** For zsh 5: as a file `_rigs` on `fpath`, or sourced after `compinit`. */
export function zshCompletion({ firsts, seconds, verbs }: Outline): string {
  const list = (words: readonly string[]): string => `list=(${words.join(' ')})`;
  return `#compdef rigs rgt
_rigs() {
  local first="\${words[2]-}" second="\${words[3]-}" prev="\${words[CURRENT-1]-}" verb
  local -a list
  case "$first $second" in
${verbs
  .filter(({ words }) => words.includes(' '))
  .map(({ words }) => `    '${words}') verb='${words}' ;;`)
  .join('\n')}
    *) verb="$first" ;;
  esac
  if (( CURRENT == 2 )); then
    ${list(firsts.map(({ word }) => word))}
  else
    case "$verb $prev" in
${verbs
  .flatMap(({ words, flags }) =>
    flags.flatMap(({ spellings, values }) =>
      values === null
        ? []
        : [
            `      ${spellings.map((one) => `'${words} ${one}'`).join('|')}) ${values.length === 0 ? '_files; return' : list(values)} ;;`,
          ],
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
        if (( CURRENT == 3 )); then
          case "$first" in
${seconds.map(({ first, words }) => `            '${first}') ${list(words.map(({ word }) => word))} ;;`).join('\n')}
          esac
        fi
        ;;
    esac
  fi
  compadd -- $list
}
if [[ "\${funcstack[1]-}" == _rigs ]]; then
  _rigs "$@"
else
  compdef _rigs rigs rgt
fi
`;
}
