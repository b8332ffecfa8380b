import { plain } from '../../words/plain.ts';
import type { Flag, Run, Verb } from '../verb.ts';

export const gitFlag: Flag = {
  name: 'git',
  about: 'Make the current folder a git repository first, with one commit, when it is none.',
};

/** A rig that answers has been made already; the making is the client’s (`makeRig.ts`). */
const init: Run = (reach) =>
  Promise.resolve(
    `This repository has its memory already, in ${plain(reach.rig.folder, 300)}. Its journal keeps every change; nothing was touched.`,
  );

export const initVerbs: readonly Verb[] = [
  {
    words: 'init',
    args: [{ name: 'folder', need: 'maybe' }],
    flags: [gitFlag],
    about: 'Make a rig’s memory for the current repository, in ~/.rigs or the folder named.',
    who: 'person',
    run: init,
  },
];
