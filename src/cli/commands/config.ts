import type { HeldSetting } from '../../config/config.ts';
import { json } from '../print/json.ts';
import { bullets, indent, parts } from '../print/lines.ts';
import { table } from '../print/table.ts';
import type { Run, Verb } from '../verb.ts';

const show: Run = (reach, asked) => {
  const { settings, refused } = reach.configuration();
  if (asked.given.is('json')) return Promise.resolve(json({ settings, refused }));
  const isSet = ({ from }: HeldSetting): boolean => from.length > 0;
  const shown = asked.given.is('all') ? settings : settings.filter(isSet);
  return Promise.resolve(
    parts(
      shown.length === 0
        ? 'Everything is as it is by default.'
        : table<HeldSetting>(
            [
              { head: 'SETTING', cell: ({ key }) => key },
              { head: 'VALUE', cell: ({ value }) => JSON.stringify(value), gives: true },
              {
                head: 'FROM',
                cell: ({ from }) => (from.length === 0 ? 'default' : from.join('; ')),
                gives: true,
              },
            ],
            shown,
            asked,
          ),
      refused.length === 0 ? '' : `Not followed\n${indent(bullets(refused))}`,
      asked.given.is('all') ? '' : '--all shows what is as by default, too.',
    ),
  );
};

export const configVerbs: readonly Verb[] = [
  {
    words: 'config show',
    args: [],
    flags: [{ name: 'all', about: 'Also what nobody set.' }],
    about:
      'What is set and by whom: the editor’s settings, .rigs/config.toml, ~/.rigs/config.toml; and what is not followed.',
    // Arguments of a person's own agents may hold what is theirs alone.
    who: 'person',
    json: true,
    run: show,
  },
];
