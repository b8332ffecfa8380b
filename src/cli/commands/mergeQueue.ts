import { limitFlag } from '../flags.ts';
import type { Verb } from '../verb.ts';
import {
  addBranch,
  approveRequests,
  ejectRequests,
  frontRequests,
  pauseQueue,
  refreshQueue,
  resumeQueue,
  retryRequests,
  revertRequest,
} from './mergeQueueActs.ts';
import { queueHistory } from './mergeQueueHistory.ts';
import { listQueue, showRequest } from './mergeQueueRead.ts';

const one = { name: 'request or bead', need: 'one' } as const;
const some = { name: 'request or bead', need: 'some' } as const;

export const mergeQueueVerbs: readonly Verb[] = [
  {
    words: 'mq list',
    args: [],
    flags: [],
    about: 'The merge queue in the order in which it is proven, and what is under proof.',
    who: 'reader',
    json: true,
    run: listQueue,
  },
  {
    words: 'mq show',
    args: [one],
    flags: [],
    about: 'All about one merge request: its worth in line, its proof, what would land.',
    who: 'reader',
    json: true,
    run: showRequest,
  },
  {
    words: 'mq add',
    args: [{ name: 'branch', need: 'one' }],
    flags: [
      { name: 'title', takes: 'text', about: 'What it is called; else the subject of its newest commit.' },
      { name: 'approve', about: 'It lands once it is proven.' },
    ],
    about: 'Put a branch of yours into the merge queue: it is proven and lands as agents’ work does.',
    who: 'person',
    json: true,
    run: addBranch,
  },
  {
    words: 'mq approve',
    args: [{ name: 'request or bead', need: 'any' }],
    flags: [
      { name: 'convoy', takes: 'id', about: 'All of that convoy that nobody approved yet, proven or not.' },
    ],
    about: 'Let requests land once they are proven.',
    who: 'person',
    run: approveRequests,
  },
  {
    words: 'mq front',
    args: [some],
    flags: [],
    about: 'Have requests proven before all others.',
    who: 'person',
    run: frontRequests,
  },
  {
    words: 'mq retry',
    args: [some],
    flags: [],
    about: 'Have requests proven once more.',
    who: 'person',
    run: retryRequests,
  },
  {
    words: 'mq eject',
    args: [some],
    flags: [],
    about: 'Take requests out of the merge queue; their branches are kept.',
    who: 'person',
    run: ejectRequests,
  },
  {
    words: 'mq revert',
    args: [one],
    flags: [{ name: 'approve', about: 'It lands once it is proven.' }],
    about: 'Take exactly one landing back, on a branch that is proven first; its bead is queued again then.',
    who: 'person',
    json: true,
    run: revertRequest,
  },
  {
    words: 'mq pause',
    args: [],
    flags: [],
    about:
      'Prove and land nothing more, and open no pull request, until `rigs mq resume`; what landed is still pushed.',
    who: 'person',
    run: pauseQueue,
  },
  {
    words: 'mq resume',
    args: [],
    flags: [],
    about: 'Let the merge queue go on, also when it stopped by itself.',
    who: 'person',
    run: resumeQueue,
  },
  {
    words: 'mq refresh',
    args: [],
    flags: [],
    about: 'Look at once what became of pull requests.',
    who: 'person',
    run: refreshQueue,
  },
  {
    words: 'mq history',
    args: [],
    flags: [{ ...limitFlag, about: 'At most so many batches; 0 for all. 20 in a table, all in JSON.' }],
    about: 'What landed, in how many runs, how long it took, and how often something failed.',
    who: 'reader',
    json: true,
    run: queueHistory,
  },
];
