import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { isThere } from '../../system/isThere.ts';
import { RehearsalError } from './error.ts';
import { rehearsalConfigKey } from './playbooks.ts';

/** Runs git with arguments in a folder; rejects when it fails. This room has no git of its own. */
export type SampleGit = (args: readonly string[], options: { readonly cwd: string }) => Promise<unknown>;

export interface SampleOptions {
  readonly git: SampleGit;
  /** Where the sample's files and the playbooks lie. */
  readonly mediaFolder: string;
  /** Folder that the repository and its remote are made in; made when missing. */
  readonly into: string;
}

const name = 'almanac';

/** The sample's history: what came with each commit. A path may be a file or a folder. */
const history: readonly { readonly message: string; readonly paths: readonly string[] }[] = [
  {
    message: 'Count days and read durations',
    paths: [
      'package.json',
      'scripts/lint.js',
      'src/errors.js',
      'src/calendar.js',
      'src/duration.js',
      'test/calendar.test.js',
      'test/duration.test.js',
    ],
  },
  {
    message: 'Read rules and find the days they mean',
    paths: [
      'src/rule.js',
      'src/periods.js',
      'src/pick.js',
      'src/occurrences.js',
      'src/take.js',
      'test/rule.test.js',
      'test/occurrences.test.js',
    ],
  },
  {
    message: 'Describe rules in words',
    paths: ['src/describe.js', 'test/describe.test.js'],
  },
  {
    message: 'Bring it to the command line and say how it is used',
    paths: ['.'],
  },
];

/** Settings of the new repository alone: the person's own git identity and habits stay out of it. */
const localConfig = {
  'user.name': 'Rigs Rehearsal',
  'user.email': 'rehearsal@rigs.invalid',
  'commit.gpgsign': 'false',
  // The scripts find text by its lines, which end the same everywhere.
  'core.autocrlf': 'false',
  [rehearsalConfigKey]: 'sample',
} as const;

/**
 * Makes the sample repository with its history, and a bare remote beside it. Returns the repository's folder. Throws
 * `RehearsalError` `sample_exists` rather than touch what is there.
 */
export async function createSample({ git, mediaFolder, into }: SampleOptions): Promise<string> {
  const folder = path.join(into, name);
  const remote = path.join(into, `${name}.git`);
  for (const one of [folder, remote]) {
    if (await isThere(one)) throw new RehearsalError('sample_exists', `${one} is there already.`);
  }
  await mkdir(into, { recursive: true });
  await cp(path.join(mediaFolder, 'sample'), folder, { recursive: true });
  // An empty template: no hooks of the person's come along.
  await git(['init', '--quiet', '--template=', '-b', 'main'], { cwd: folder });
  for (const [key, value] of Object.entries(localConfig))
    await git(['config', '--local', key, value], { cwd: folder });
  for (const { message, paths } of history) {
    await git(['add', '--', ...paths], { cwd: folder });
    await git(['commit', '--quiet', '--no-verify', '-m', message], { cwd: folder });
  }
  await git(['init', '--quiet', '--bare', '--template=', '-b', 'main', remote], { cwd: into });
  await git(['remote', 'add', 'origin', remote], { cwd: folder });
  await git(['push', '--quiet', '--no-verify', '--set-upstream', 'origin', 'main'], { cwd: folder });
  return folder;
}
