import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { flagWords, usageOf } from '../../../src/cli/help.ts';
import type { Verb } from '../../../src/cli/verb.ts';
import { verbs } from '../../../src/cli/verbs.ts';

const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8');

/** The README's table, from the one that commands come from. */
function commandTable(): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  const rows = verbs.map((verb) => {
    const flags = verb.flags.map((flag) => `\`${cell(flagWords(flag))}\``).join(' ');
    return `| \`${cell(usageOf(verb))}\` | ${cell(verb.about)} | ${whose[verb.who]} | ${flags} |`;
  });
  return ['| Command | | Who | Flags |', '|---|---|---|---|', ...rows].join('\n');
}

const whose: Readonly<Record<Verb['who'], string>> = {
  reader: 'both',
  both: 'both',
  person: 'person',
  agent: 'agent',
};

describe('The README', () => {
  it('has every command as the command line knows it', () => {
    const [, shown = ''] = /<!-- commands -->\n\n([\s\S]*?)\n\n<!-- \/commands -->/.exec(readme) ?? [];
    assert.equal(shown, commandTable(), `The table should be:\n\n${commandTable()}\n`);
  });

  it('says what the exit codes mean', () => {
    for (const code of ['0 ', '1 ', '2 ', '3 ', '4 ']) assert.ok(readme.includes(`\`${code.trim()}\``), code);
  });
});
