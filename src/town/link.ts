import type { CommitId, RequestId } from './ids.ts';

/** A tip in memory: the target with requests of a line on it, up to and with `request`. */
export interface Link {
  readonly request: RequestId;
  readonly commit: CommitId;
  readonly tree: string;
}
