/** What an editor marks as an error in a file. */
export interface EditorProblem {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** Of the message, as its language server has it; null: it has none. */
  readonly code: string | null;
  /** Which language server; null: it does not say. */
  readonly source: string | null;
}

/** A file that the editor was asked about. */
export interface SeenFile {
  /** Relative, `/` between parts. */
  readonly file: string;
  /** As the editor calls it; null: it could not be opened as text. */
  readonly language: string | null;
  /** Null: no language server said anything of it, and that it is without errors is not known. */
  readonly problems: readonly EditorProblem[] | null;
}

/** Where there is an editor, what its language servers make of files in any folder. */
export interface EditorProblems {
  /**
   * Opens the files, waits until nothing more is said of them (bounded), and closes them; meanwhile files of its own lie
   * beside them. The folder's path must be new to the editor: what it knew of another file there would count. Rejects with
   * the signal's reason when aborted.
   */
  look(folder: string, files: readonly string[], signal: AbortSignal): Promise<readonly SeenFile[]>;
}
