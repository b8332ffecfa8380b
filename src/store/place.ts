import type { Files } from '../ports/files.ts';

/** The folder of a rig's state, and the file system that it lies in. */
export interface Place {
  readonly files: Files;
  readonly folder: string;
}
