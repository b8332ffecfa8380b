import { valuesOf } from '../options.ts';

/** `--approve-for-me` has a model answer in the person's place. */
const flags: readonly string[] = ['--dangerously-bypass-approvals-and-sandbox', '--yolo', '--approve-for-me'];

/** As `-c key=value` has them, within a profile or a table as well. */
const settings: Readonly<Record<string, string>> = {
  approval_policy: 'never',
  approvals_reviewer: '(?:auto_review|guardian_subagent)',
  default_permissions: ':danger-full-access',
  sandbox_mode: 'danger-full-access',
};
const setting = new RegExp(
  Object.entries(settings)
    .map(([key, value]) => `\\b${key}["']?\\s*=\\s*["']*${value}\\b`)
    .join('|'),
);

/** Whether arguments of a person have it ask no more, or leave its sandbox (0.169.0). */
export function bypasses(args: readonly string[]): boolean {
  return (
    args.some((arg) => flags.includes(arg)) ||
    valuesOf(args, '-a', '--ask-for-approval').includes('never') ||
    valuesOf(args, '-s', '--sandbox').includes('danger-full-access') ||
    valuesOf(args, '-c', '--config').some((value) => setting.test(value))
  );
}
