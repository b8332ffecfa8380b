import path from 'node:path';
import type { KnownRig } from '../../town/account.ts';
import { plain } from '../../words/plain.ts';
import { relative } from '../../words/times.ts';
import { plainEnglish } from '../../words/translate.ts';
import { CommandError, misused, notFound, refused } from '../commandError.ts';
import { json } from '../print/json.ts';
import { fields, parts } from '../print/lines.ts';
import { table } from '../print/table.ts';
import type { Reach, RigSource } from '../reach.ts';
import { iso } from '../shapes.ts';
import { didYouMean } from '../suggest.ts';
import type { Asked, Run, Verb } from '../verb.ts';
import { wish } from '../wishing.ts';
import { rigJson } from './status.ts';

/** A rig as `rig list` shows it; what only its own owner knows is null for the others. */
interface Row {
  readonly id: string;
  readonly name: string;
  readonly root: string;
  readonly here: boolean;
  readonly parked: boolean | null;
  readonly seenAt: number | null;
}

async function rows(reach: Reach): Promise<readonly Row[]> {
  const { rig } = reach.rig.state;
  const known = reach.owner === null ? [] : await reach.person.rigs();
  const others = known.filter((one) => one.rig !== rig?.id).map(rowOf);
  if (rig === null) return others;
  const root = known.find((one) => one.rig === rig.id)?.root ?? path.dirname(rig.commonDir);
  const here: Row = {
    id: rig.id,
    name: rig.name,
    root,
    here: true,
    parked: rig.parked,
    seenAt: known.find((one) => one.rig === rig.id)?.at ?? null,
  };
  return [here, ...others];
}

function rowOf({ rig, name, root, at }: KnownRig): Row {
  return { id: rig, name, root, here: false, parked: null, seenAt: at };
}

const list: Run = async (reach, asked) => {
  const all = await rows(reach);
  if (asked.given.is('json'))
    return json(all.map((row) => ({ ...row, seenAt: row.seenAt === null ? null : iso(row.seenAt) })));
  const shown = table<Row>(
    [
      { head: '', cell: ({ here }) => (here ? '*' : '') },
      { head: 'RIG', cell: ({ name }) => name },
      { head: 'STATE', cell: ({ parked }) => (parked === null ? '' : parked ? 'parked' : 'open for work') },
      { head: 'FOLDER', cell: ({ root }) => root, gives: true },
      {
        head: 'SEEN',
        cell: ({ seenAt }) => (seenAt === null ? '' : relative(seenAt, reach.now(), plainEnglish)),
      },
    ],
    all,
    asked,
  );
  return parts(
    shown,
    reach.owner === null ? 'No window runs this rig, and only a window knows your other rigs.' : '',
  );
};

const status: Run = async (reach, asked) => {
  const row = await rowNamed(reach, asked);
  const detail = row.here ? rigJson(reach) : null;
  if (asked.given.is('json'))
    return json({ ...row, seenAt: row.seenAt === null ? null : iso(row.seenAt), detail });
  return parts(
    plain(row.name, 200),
    fields([
      ['folder', row.root],
      ['lands on', detail?.target ?? ''],
      ['state', row.parked === null ? '' : row.parked ? 'parked: no new work starts' : 'open for work'],
      [
        'checks',
        detail === null ? '' : (detail.checks?.join(', ') ?? 'not confirmed yet (*Needs You* in VS Code)'),
      ],
      ['seen', row.seenAt === null ? '' : relative(row.seenAt, reach.now(), plainEnglish)],
    ]),
    row.here
      ? '`rigs status` shows its work.'
      : `It is another rig: say \`rigs status\` in ${plain(row.root, 300)}.`,
  );
};

/** The rig of the current folder, or one by its name or folder. */
async function rowNamed(reach: Reach, { given, cwd }: Asked): Promise<Row> {
  const all = await rows(reach);
  const name = given.maybe('rig');
  const found =
    name === null
      ? all.find(({ here }) => here)
      : all.find((row) => row.name === name || row.id === name || row.root === path.resolve(cwd, name));
  if (found !== undefined) return found;
  if (name === null) throw notFound('This repository is no rig yet. `rigs rig add .` adds it.');
  const near = didYouMean(
    name,
    all.map((row) => row.name),
  );
  throw notFound(`There is no rig ${plain(name, 60)}.${near} \`rigs rig list\` shows them.`);
}

const add: Run = async (reach, asked) => {
  const added = await reach.person.addRig(sourceIn(asked));
  return `${plain(added.name, 80)} is a rig: ${plain(added.root, 300)}`;
};

/** `rig add <folder or address>`, or the second seed’s `rig add <name> --path <folder>`. */
function sourceIn({ given, cwd }: Asked): RigSource {
  const what = given.one('rig');
  const folder = given.maybe('path');
  const url = given.maybe('url');
  if (folder !== null && url !== null) throw misused('Give --path or --url, not both.');
  if (folder !== null) return { path: path.resolve(cwd, folder) };
  if (url !== null) return { url, name: what };
  return isAddress(what) ? { url: what, name: null } : { path: path.resolve(cwd, what) };
}

/** `https://…`, `ssh://…`, or git’s short form `host:path`, which a drive letter is not. */
function isAddress(text: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(text) || /^[\w.-]+@[\w.-]+:/.test(text);
}

const park =
  (parked: boolean): Run =>
  async (reach, asked) => {
    const row = await rowNamed(reach, asked);
    if (!row.here)
      throw refused(`${plain(row.name, 60)} is another rig. Say it there: cd ${plain(row.root, 300)}`);
    await wish(reach, { type: parked ? 'parkRig' : 'unparkRig' });
    return parked
      ? `${plain(row.name, 60)} is parked: what runs goes on, no new work starts. \`rigs rig unpark\` opens it again.`
      : `${plain(row.name, 60)} is open for work.`;
  };

const remove: Run = async (reach, asked) => {
  if (reach.owner === null)
    throw new CommandError('no_owner', 'No window runs this rig. Open its folder in VS Code and try again.');
  const row = await rowNamed(reach, asked);
  await reach.person.removeRig(row.root);
  return `${plain(row.name, 60)} is off the list. Its memory, branches and worktrees stay; \`rigs rig add\` takes it back.`;
};

const maybeRig = { name: 'rig', need: 'maybe' } as const;

export const rigVerbs: readonly Verb[] = [
  {
    words: 'rig add',
    args: [{ name: 'rig', need: 'one' }],
    flags: [
      { name: 'path', takes: 'folder', about: 'Its folder; then the first word is its name.' },
      {
        name: 'url',
        aka: ['git-url'],
        takes: 'address',
        about: 'Where to clone it from; then the first word is its name.',
      },
    ],
    about: 'Add a repository as a rig: a folder, or an address to clone.',
    who: 'person',
    anywhere: true,
    run: add,
  },
  {
    words: 'rig list',
    args: [],
    flags: [],
    about: 'Your rigs; * is this one.',
    who: 'reader',
    json: true,
    anywhere: true,
    run: list,
  },
  {
    words: 'rig status',
    args: [maybeRig],
    flags: [],
    about: 'One rig: where it lies, where its work lands, what proves it.',
    who: 'reader',
    json: true,
    run: status,
  },
  {
    words: 'rig park',
    args: [maybeRig],
    flags: [],
    about: 'Start no new work; what runs goes on.',
    who: 'person',
    run: park(true),
  },
  {
    words: 'rig unpark',
    args: [maybeRig],
    flags: [],
    about: 'Start work again.',
    who: 'person',
    run: park(false),
  },
  {
    words: 'rig remove',
    args: [{ name: 'rig', need: 'one' }],
    flags: [],
    about: 'Take a rig off the list; nothing of it is deleted.',
    who: 'person',
    anywhere: true,
    run: remove,
  },
];
