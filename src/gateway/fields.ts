import * as v from 'valibot';
import {
  parseAskId,
  parseBeadId,
  parseCommitId,
  parseConvoyId,
  parseRequestId,
  parseThreadId,
} from '../town/ids.ts';

/** Parts that several messages at the door are made of. */
export function text(max: number): v.GenericSchema<string> {
  return v.pipe(v.string(), v.maxLength(max));
}
export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** UTC ms. */
export const instant = v.pipe(v.number(), v.finite());

/** Drawn by the caller for what it says once, however often it has to say it. */
export const callId = v.pipe(v.string(), v.uuid());

const parsed = <Id extends string>(parse: (given: string) => Id | null) =>
  v.pipe(
    v.string(),
    v.rawTransform(({ dataset, addIssue, NEVER }): Id => {
      const id = parse(dataset.value);
      if (id !== null) return id;
      addIssue({ message: `${JSON.stringify(dataset.value.slice(0, 40))} is no such id` });
      return NEVER;
    }),
  );

export const askId = parsed(parseAskId);
export const beadId = parsed(parseBeadId);
export const commitId = parsed(parseCommitId);
export const convoyId = parsed(parseConvoyId);
export const requestId = parsed(parseRequestId);
export const threadId = parsed(parseThreadId);
