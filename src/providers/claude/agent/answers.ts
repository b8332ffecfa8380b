import path from 'node:path';
import * as v from 'valibot';
import { readIfThere } from '../../../system/readIfThere.ts';
import { parsed } from './parsed.ts';

/** What a person once answered to dialogs; every field may be missing or be something else. */
const yes = v.fallback(v.boolean(), false);
const texts = v.fallback(v.array(v.string()), []);
const answers = v.object({
  hasCompletedOnboarding: yes,
  bypassPermissionsModeAccepted: yes,
  customApiKeyResponses: v.fallback(v.object({ approved: texts, rejected: texts }), {
    approved: [],
    rejected: [],
  }),
  projects: v.fallback(
    v.record(
      v.string(),
      v.fallback(v.object({ hasTrustDialogAccepted: yes }), { hasTrustDialogAccepted: false }),
    ),
    {},
  ),
});

export type Answers = v.InferOutput<typeof answers>;

/** A file that is missing or makes no sense has no answers. Rejects when it may not be read. */
export async function readAnswers(file: string): Promise<Answers> {
  const value = parsed((await readIfThere(file)) ?? '{}');
  const read = v.safeParse(answers, value);
  return read.success ? read.output : v.parse(answers, {});
}

/** Whether a person has not decided yet about a key of the environment. Decisions hold the key's end alone. */
export function asksForKey({ customApiKeyResponses }: Answers, key: string): boolean {
  const { approved, rejected } = customApiKeyResponses;
  return key !== '' && ![...approved, ...rejected].includes(key.slice(-20));
}

/** Trust in a folder holds for those below it, and that in a repository for its worktrees. */
export function isTrusted({ projects }: Answers, folders: readonly string[]): boolean {
  const trusted = new Set(
    Object.entries(projects).flatMap(([folder, { hasTrustDialogAccepted }]) =>
      hasTrustDialogAccepted ? [path.normalize(folder)] : [],
    ),
  );
  return folders.flatMap(withThoseAbove).some((folder) => trusted.has(folder));
}

function withThoseAbove(folder: string): readonly string[] {
  const above = path.dirname(folder);
  return above === folder ? [folder] : [folder, ...withThoseAbove(above)];
}
