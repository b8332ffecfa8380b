import type { Notice } from '../../ports/notices.ts';
import { feedLine } from '../../words/feed.ts';
import { plain } from '../../words/plain.ts';
import { clock } from '../../words/times.ts';
import { plainEnglish } from '../../words/translate.ts';
import { limitFlag } from '../flags.ts';
import { json } from '../print/json.ts';
import { type Colour, paint } from '../print/paint.ts';
import { fit } from '../print/width.ts';
import type { Reach } from '../reach.ts';
import { noticeJson } from '../shapes.ts';
import { limitOf } from '../values.ts';
import type { Screen } from '../print/table.ts';
import type { Run, Verb } from '../verb.ts';

const usualLimit = 40;
const mostLines = 10_000;

const feed: Run = async (reach, asked) => {
  const notices = await reach.rig.feed(Math.min(limitOf(asked, usualLimit), mostLines));
  if (asked.given.is('json')) return json(notices.map((notice) => noticeJson(reach, notice)));
  if (notices.length === 0) return 'Nothing has happened here yet.';
  return notices.map((notice) => noticeLine(reach.now(), notice, asked)).join('\n');
};

const colours: Readonly<Record<Notice['level'], Colour | null>> = {
  info: null,
  good: 'green',
  warning: 'yellow',
  error: 'red',
};

/** `14:05  gt-abc12  “Parse durations” is completed.` */
export function noticeLine(now: number, notice: Notice, screen: Screen): string {
  const head = `${clock(notice.at, now)}  ${notice.bead ?? ' '.repeat(8)}  `;
  const said = plain(feedLine(notice, plainEnglish, now), 2_000);
  const room = screen.columns === null ? Infinity : Math.max(20, screen.columns - head.length);
  return (head + paint(fit(said, room), colours[notice.level], screen.colours)).trimEnd();
}

/** For a stream of JSON, one line each. */
export function noticeJsonLine(reach: Pick<Reach, 'rig'>, notice: Notice): string {
  return json(noticeJson(reach, notice), 0);
}

export const feedVerbs: readonly Verb[] = [
  {
    words: 'feed',
    args: [],
    flags: [
      { name: 'once', about: 'The newest lines, and end.' },
      { ...limitFlag, about: `So many lines of before; ${String(usualLimit)} when not said.` },
      {
        name: 'interval',
        takes: 'seconds',
        about: 'Of the second seed. Lines come as things happen, so nothing is refreshed.',
      },
    ],
    about: 'What happens, line by line, as it happens. Ctrl+C ends.',
    who: 'reader',
    json: true,
    terminal: 'streams',
    run: feed,
  },
];
