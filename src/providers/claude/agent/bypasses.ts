import { valuesOf } from '../../options.ts';

const flags: readonly string[] = ['--dangerously-skip-permissions', '--allow-dangerously-skip-permissions'];
/** In `auto` a model answers in the person's place. */
const modes: readonly string[] = ['bypassPermissions', 'auto'];

/** Whether arguments of a person have it ask no more (2.1.329). A mode in `--settings` yields to the one Rigs names. */
export function bypasses(args: readonly string[]): boolean {
  return (
    args.some((arg) => flags.includes(arg)) ||
    valuesOf(args, '--permission-mode').some((mode) => modes.includes(mode))
  );
}
