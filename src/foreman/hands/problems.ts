import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { EditorProblems, SeenFile } from '../../ports/editorProblems.ts';
import type { CheckResult, Unseen } from '../../town/check.ts';
import type { CommitId } from '../../town/ids.ts';
import { plain } from '../../words/plain.ts';
import { aside, isFile, isMoved, takeBack } from '../checks/aside.ts';
import { type NewProblem, isSeen, newProblems, seenInBoth } from '../checks/newProblems.ts';
import type { HandContext } from './context.ts';

/** What stands in for a check's name; no command of a person's is started for it. */
export const problemsCheck = 'problems';

/** More files than this in a person's tabs at once help nobody. */
const mostFiles = 50;

export interface ProblemsRun {
  /** A clean worktree at the tip, in which the checks ran; it is moved aside for as long as the editor looks. */
  readonly cwd: string;
  readonly outputs: string;
  readonly signal: AbortSignal;
  readonly against: Against | null;
}

export interface Against {
  readonly base: CommitId;
  readonly commit: CommitId;
}

/**
 * No new Problems of severity error in changed files. Language servers know a file by its path and may keep what they
 * knew of it, so each look is at a path that the editor has never seen. What nobody looked at is skipped, with why.
 */
export async function checkProblems(context: HandContext, run: ProblemsRun): Promise<CheckResult> {
  const began = performance.now();
  const { editor } = context;
  const told = (result: Partial<CheckResult> & Pick<CheckResult, 'outcome'>): CheckResult => ({
    ...{ name: problemsCheck, exitCode: null, outputFile: null },
    ...{ durationMs: Math.round(performance.now() - began), ...result },
  });
  if (run.against === null) return told({ outcome: 'passed' });
  if (editor === undefined) return told(skipped('no_editor'));
  const { base, commit } = run.against;
  const { files: changed } = await context.git.diffStat(context.repository, base, commit);
  if (changed.length > mostFiles) return told(skipped('too_many'));
  const found = await lookAt(context, editor, run, { base, changed });
  if (found === null) return told(skipped('not_moved'));
  const { seen, fresh } = found;
  await mkdir(run.outputs, { recursive: true, mode: 0o700 });
  const outputFile = path.join(run.outputs, 'problems.log');
  await writeFile(outputFile, report(seen, fresh), { mode: 0o600 });
  if (!isSeen(seen)) return told({ ...skipped('unseen'), outputFile });
  const [first] = fresh;
  if (first === undefined) return told({ outcome: 'passed', outputFile });
  const place = { file: first.file, line: first.line };
  return told({ outcome: 'failed', outputFile, place });
}

function skipped(unseen: Unseen): Pick<CheckResult, 'outcome' | 'unseen'> {
  return { outcome: 'skipped', unseen };
}

interface Found {
  readonly seen: readonly SeenFile[];
  readonly fresh: readonly NewProblem[];
}

/** Null: the worktree cannot be moved aside, as where a program still holds it. */
async function lookAt(
  context: HandContext,
  editor: EditorProblems,
  { cwd, signal }: ProblemsRun,
  { base, changed }: { readonly base: CommitId; readonly changed: readonly string[] },
): Promise<Found | null> {
  const [tipFolder, baseFolder] = [aside(cwd), aside(cwd)];
  if (!(await isMoved(cwd, tipFolder))) return null;
  let now = tipFolder;
  try {
    const seen = await look(editor, tipFolder, changed, signal);
    // Without an error there is nothing to compare with.
    if (seen.every(({ problems }) => problems === null || problems.length === 0)) return { seen, fresh: [] };
    await takeBack(context, tipFolder, base, changed);
    if (!(await isMoved(tipFolder, baseFolder))) return null;
    now = baseFolder;
    const before = await look(editor, baseFolder, changed, signal);
    const both = seenInBoth(before, seen);
    return { seen: both, fresh: newProblems(before, both) };
  } finally {
    // One that stays aside is made anew for the next proof, and cleared away when the rig opens again.
    await isMoved(now, cwd);
  }
}

async function look(
  editor: EditorProblems,
  folder: string,
  changed: readonly string[],
  signal: AbortSignal,
): Promise<readonly SeenFile[]> {
  const there = await Promise.all(changed.map(async (file) => ((await isFile(folder, file)) ? [file] : [])));
  const seen = await editor.look(folder, there.flat(), signal);
  signal.throwIfAborted();
  return seen.map((one) => ({ ...one, problems: one.problems?.map(withoutPlace(folder)) ?? null }));
}

/** Servers name other files by their whole path, which is another in each look. */
function withoutPlace(folder: string) {
  return <T extends { readonly message: string }>(problem: T): T => ({
    ...problem,
    message: problem.message.replaceAll(folder + path.sep, '').replaceAll(folder, '.'),
  });
}

function report(seen: readonly SeenFile[], fresh: readonly NewProblem[]): string {
  const lines = fresh.map(({ file, line, column, message, code, source }) => {
    const who = [source, code].filter((one) => one !== null).join(' ');
    const where = `${file}:${String(line)}:${String(column)}`;
    return plain(`${where} error ${message}${who === '' ? '' : ` (${who})`}`, 2_000);
  });
  const looked = seen.filter(({ problems }) => problems !== null).map(({ file }) => file);
  const unseen = seen
    .filter(({ problems }) => problems === null)
    .map(({ file, language }) => (language === null ? file : `${file} (${language})`));
  return [
    fresh.length === 0
      ? 'No new errors among the Problems.'
      : `${String(fresh.length)} new errors among the Problems:`,
    ...lines,
    '',
    `The editor's language servers looked at: ${looked.length === 0 ? 'nothing' : looked.map((one) => plain(one, 200)).join(', ')}`,
    ...(unseen.length === 0
      ? []
      : [
          `None of them said anything of: ${unseen.map((one) => plain(one, 250)).join(', ')}`,
          "Those that look only at the window's own folders do not see Rigs' worktrees, which lie beside the repository.",
        ]),
    '',
  ].join('\n');
}
