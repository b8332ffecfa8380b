import type { Outline } from './outline.ts';

/** For PowerShell 5.1 and 7: into `$PROFILE`. */
export function powershellCompletion({ firsts, seconds, verbs }: Outline): string {
  const list = (words: readonly string[]): string => `@(${words.map(quoted).join(', ')})`;
  const entry = (key: string, words: readonly string[]): string => `    ${quoted(key)} = ${list(words)}`;
  return `# rigs completions for PowerShell: put this into $PROFILE.
Register-ArgumentCompleter -Native -CommandName rigs, rgt -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $firsts = ${list(firsts.map(({ word }) => word))}
  $seconds = @{
${seconds
  .map(({ first, words }) =>
    entry(
      first,
      words.map(({ word }) => word),
    ),
  )
  .join('\n')}
  }
  $flags = @{
${verbs
  .map(({ words, flags, values }) =>
    entry(words, [...values, ...flags.flatMap(({ spellings }) => spellings.slice(0, 1))]),
  )
  .join('\n')}
  }
  $values = @{
${verbs
  .flatMap(({ words, flags }) =>
    flags.flatMap(({ spellings, values }) =>
      values === null || values.length === 0 ? [] : spellings.map((one) => entry(`${words} ${one}`, values)),
    ),
  )
  .join('\n')}
  }
  $given = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  if ($wordToComplete -ne '' -and $given.Count -gt 0) { $given = @($given | Select-Object -First ($given.Count - 1)) }
  $first = if ($given.Count -gt 0) { $given[0] } else { '' }
  $both = ($given | Select-Object -First 2) -join ' '
  $verb = if ($flags.ContainsKey($both)) { $both } else { $first }
  $last = if ($given.Count -gt 0) { $given[-1] } else { '' }
  $found = if ($given.Count -eq 0) { $firsts }
    elseif ($values.ContainsKey("$verb $last")) { $values["$verb $last"] }
    elseif ($given.Count -eq 1 -and $seconds.ContainsKey($first)) { $seconds[$first] }
    elseif ($flags.ContainsKey($verb)) { $flags[$verb] }
    else { @() }
  $found | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
