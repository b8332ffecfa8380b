/** Types of esbuild.config.mjs, which says what each table is for. */
type Entries = Readonly<Record<string, string>>;
export declare const everyEntryExists: boolean;
export declare const programs: Entries;
export declare const webviews: Entries;
export declare const vendors: Readonly<
  Record<string, { readonly file: string; readonly format: 'cjs' | 'esm' }>
>;
export declare const copies: Entries;
export declare function present(entries: Entries): Promise<Entries>;
