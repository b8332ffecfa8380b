import { beadStatuses, beadTypes, priorities } from '../town/bead.ts';
import type { Flag } from './verb.ts';

/** Flags that several commands have. */
export const priorityFlag: Flag = {
  name: 'priority',
  short: 'p',
  takes: 'priority',
  values: priorities,
  also: { p0: 'critical', p1: 'high', p2: 'normal', p3: 'low' },
  about: 'critical, high, normal or low; p0 to p3 mean the same.',
};

export const typeFlag: Flag = {
  name: 'type',
  short: 't',
  aka: ['task-type'],
  takes: 'type',
  values: beadTypes,
  about: `${beadTypes.join(', ')}.`,
};

export const providerFlag: Flag = {
  name: 'provider',
  takes: 'provider',
  about: 'The provider to prefer, such as claude, codex or gemini.',
};

export const statusFlag: Flag = {
  name: 'status',
  takes: 'status',
  values: beadStatuses,
  also: { 'in-progress': 'in_progress', inprogress: 'in_progress', new: 'pending', done: 'completed' },
  many: true,
  about: 'Only those; may be given more than once.',
};

export const limitFlag: Flag = {
  name: 'limit',
  takes: 'number',
  about: 'At most so many; 0 for all.',
};

export const criterionFlag: Flag = {
  name: 'criterion',
  takes: 'sentence',
  many: true,
  about: 'One thing that must hold when it is done; may be given more than once.',
};

export const afterFlag: Flag = {
  name: 'after',
  aka: ['depends'],
  takes: 'bead',
  many: true,
  about: 'It waits for this bead to complete; may be given more than once.',
};

export const touchesFlag: Flag = {
  name: 'touches',
  takes: 'glob',
  many: true,
  about: 'Files it is expected to change; may be given more than once.',
};

export const descriptionFlag: Flag = {
  name: 'description',
  short: 'd',
  takes: 'text',
  about: 'The whole task; `-` reads it from stdin.',
};
