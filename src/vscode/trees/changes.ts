import type { CommitId } from '../../town/ids.ts';
import { commands } from '../contract.ts';
import { plain } from '../text.ts';
import { icons } from './look.ts';
import { type Children, paged } from './node.ts';
import type { RigView } from './view.ts';

/** Files that differ between two commits; a click shows how. */
export function changes(
  view: RigView,
  prefix: string,
  files: readonly string[],
  from: CommitId,
  to: CommitId,
): Children {
  return paged(files, (path) => ({
    id: `change/${view.key}/${prefix}/${path}`,
    kind: 'change',
    label: plain(path.slice(path.lastIndexOf('/') + 1)),
    description: plain(path.slice(0, Math.max(0, path.lastIndexOf('/')))),
    icon: icons.change,
    facts: () => [{ name: view.t('File'), value: path }],
    subject: { kind: 'change', rig: view.key, from, to, path },
    click: commands.showChange,
  }));
}
