import { valuesOf } from '../options.ts';

/** Short flags may stand together in one word. */
const yolo = /^(?:--yolo|--y|-[a-z]*y[a-z]*)(?:=(?!false$).*)?$/i;

/** Whether arguments of a person have it ask no more (0.61.0; options may be written in camel case as well). */
export function bypasses(args: readonly string[]): boolean {
  return (
    args.some((arg) => yolo.test(arg)) ||
    valuesOf(args, '--approval-mode', '--approvalMode').some((mode) => mode === 'yolo')
  );
}
