/** `vscode.l10n.t` with named arguments, or what stands in for it where no editor is. */
export type Translate = (message: string, args?: Record<string, string | number>) => string;

/** Each value is said by its own function of the translator, so a forgotten one does not compile. */
export type Words<K extends string> = Readonly<Record<K, (t: Translate) => string>>;

/** The sentence as it was written, for the command line, for agents and for tests. */
export const plainEnglish: Translate = (message, args = {}) =>
  // One pass, so that a value which itself holds `{name}` stays what it is.
  message.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = Object.hasOwn(args, name) ? args[name] : undefined;
    return value === undefined ? whole : String(value);
  });
