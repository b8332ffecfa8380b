/** Types of toolchain.mjs, which says what each part is for. */
export declare const root: string;
export declare const cache: string;
export declare const pinned: { readonly node: string; readonly codeServer: string };
export declare class Lacking extends Error {}
export declare function say(line: string): void;
export declare function ensureNode(): Promise<string>;
export declare function ensureDependencies(): Promise<void>;
export declare function ensureCodeServer(): Promise<string>;
export declare function ensureChromium(): Promise<string>;
export declare function cached(
  name: string,
  announcement: string,
  fill: (draft: string) => Promise<void>,
): Promise<string>;
export declare function npmInstall(folder: string, packages: readonly string[]): Promise<void>;
export declare function run(
  file: string,
  args: readonly string[],
  options?: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> },
): Promise<string>;
