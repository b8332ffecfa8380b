import type { AskId, BeadId, ConvoyId, RequestId, ThreadId } from './ids.ts';

export interface DrawnIds {
  /** One that is not taken. */
  bead(taken: (id: BeadId) => boolean): BeadId;
  convoy(): ConvoyId;
  request(): RequestId;
  ask(): AskId;
  thread(): ThreadId;
}

/** Ids of which each digit is a draw below 36; 36^5 (60 million) of each kind. The draws are the caller's. */
export function drawnIds(below: (bound: number) => number): DrawnIds {
  const draw = (prefix: string): string =>
    prefix + Array.from({ length: 5 }, () => below(36).toString(36)).join('');
  return {
    bead: (taken) => {
      for (;;) {
        const id = draw('gt-') as BeadId;
        if (!taken(id)) return id;
      }
    },
    convoy: () => draw('cv-') as ConvoyId,
    request: () => draw('mr-') as RequestId,
    ask: () => draw('ak-') as AskId,
    thread: () => draw('rt-') as ThreadId,
  };
}
