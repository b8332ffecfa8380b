/** `$${` is a `${` that stands for itself. */
const pattern = /\$\$\{|\$\{([^{}]*)\}/g;

/** Names within `${…}`, in order. */
export function placeholdersIn(text: string): readonly string[] {
  return [...text.matchAll(pattern)].flatMap(([, name]) => (name === undefined ? [] : [name]));
}

/** What a value holds is never looked at again: a title with `${prompt}` in it stays as it is. */
export function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(pattern, (found, name: string | undefined) =>
    name === undefined ? '${' : (values[name] ?? found),
  );
}
