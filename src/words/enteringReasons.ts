import type { ReasonCode } from '../town/reason.ts';
import { names, text } from './facts.ts';
import type { Sentence } from './fuelReasons.ts';
import { anyStateWord } from './states.ts';

type EnteringCode = Extract<ReasonCode, `branch_${string}` | `revert_${string}` | 'not_landed'>;

/** Why a branch does not enter the merge queue, or a landing is not taken back, and what to do. */
export const enteringSentences: Readonly<Record<EnteringCode, Sentence>> = {
  branch_missing: (f, { t }) =>
    t('There is no branch {branch} in this repository. Make it, or fetch it and check it out once.', {
      branch: text(f, 'branch'),
    }),
  branch_is_target: (f, { t }) =>
    t('{branch} is the branch that everything lands on. Put your commits on a branch of their own.', {
      branch: text(f, 'branch'),
    }),
  branch_of_polecat: (f, { t }) =>
    t('{branch} is the branch of {polecat}, whose work enters by itself once it is proven.', {
      branch: text(f, 'branch'),
      polecat: text(f, 'polecat'),
    }),
  branch_in_queue: (f, { t }) =>
    t('{branch} is in the merge queue already, as {request}. Eject that to enter the branch anew.', {
      branch: text(f, 'branch'),
      request: text(f, 'request'),
    }),
  branch_unchanged: (f, { t }) =>
    t('{branch} changes nothing that {target} does not have. Commit something on it first.', {
      branch: text(f, 'branch'),
      target: text(f, 'target'),
    }),
  branch_unrelated: (f, { t }) =>
    t('{branch} has no commit in common with {target}, so it cannot be merged. Begin a branch at {target}.', {
      branch: text(f, 'branch'),
      target: text(f, 'target'),
    }),
  not_landed: (f, { t }) =>
    t('{request} has not landed (it is “{stage}”), and only a landing can be taken back.', {
      request: text(f, 'request'),
      stage: anyStateWord(text(f, 'stage'), t),
    }),
  revert_in_queue: (f, { t }) =>
    t('{request} takes it back already. Look at that in the merge queue.', { request: text(f, 'request') }),
  revert_conflict: (f, { t }) =>
    t(
      'It cannot be taken back by itself: {files} changed on {target} since. Revert by hand on a branch of yours, then add that branch to the merge queue.',
      { files: names(f, 'files', 6), target: text(f, 'target') },
    ),
  revert_unneeded: (f, { t }) =>
    t('Nothing of it is left on {target}: there is nothing to take back.', { target: text(f, 'target') }),
};
