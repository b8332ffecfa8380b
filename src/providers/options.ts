/** Values of an option among arguments, under any of its names: `--name value`, `--name=value`, `-n value`, `-nvalue`. */
export function valuesOf(args: readonly string[], ...names: readonly string[]): readonly string[] {
  return args.flatMap((arg, at) =>
    names.flatMap((name) => {
      if (arg === name) return [args[at + 1] ?? ''];
      if (arg.startsWith(`${name}=`)) return [arg.slice(name.length + 1)];
      return !name.startsWith('--') && arg.startsWith(name) ? [arg.slice(name.length)] : [];
    }),
  );
}
