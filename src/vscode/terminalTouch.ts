import * as vscode from 'vscode';
import { Disposables } from './disposables.ts';

/** How long after a touch somebody may still be in the middle of a line. */
const patienceMs = 10_000;

/**
 * When a person last touched a terminal, as far as the editor tells. It tells the first input of a terminal only, and
 * ours and a program's answers to its terminal count as well; so one that had any input also counts as touched for as
 * long as it is in front of somebody who is active in this window, and a while longer.
 */
export class TerminalTouch implements vscode.Disposable {
  readonly #owned = new Disposables();
  readonly #touched = new WeakMap<vscode.Terminal, number>();
  /** We type ourselves there right now. */
  readonly #ours = new WeakSet<vscode.Terminal>();
  readonly #now: () => number;
  #front: vscode.Terminal | undefined = vscode.window.activeTerminal;

  constructor(now: () => number = Date.now) {
    this.#now = now;
    this.#owned.add(
      vscode.window.onDidChangeTerminalState((terminal) => {
        if (terminal.state.isInteractedWith && !this.#ours.has(terminal)) this.#touch(terminal);
      }),
    );
    this.#owned.add(
      vscode.window.onDidChangeActiveTerminal((terminal) => {
        const left = this.#front;
        this.#front = terminal;
        // Half a line may stand in the one that was left just now.
        if (left?.state.isInteractedWith === true && vscode.window.state.active) this.#touch(left);
      }),
    );
  }

  /** Whether somebody may be typing there. */
  isBusy(terminal: vscode.Terminal): boolean {
    if (terminal.state.isInteractedWith && inFront(terminal)) return true;
    return this.#now() - (this.#touched.get(terminal) ?? -Infinity) < patienceMs;
  }

  /** Asks from now on whether somebody may have begun to type there. */
  since(terminal: vscode.Terminal): () => boolean {
    const wasInFront = inFront(terminal);
    const touched = this.#touched.get(terminal);
    return () => this.#touched.get(terminal) !== touched || (!wasInFront && inFront(terminal));
  }

  /** What `type` does is not a person's touch. */
  async without<T>(terminal: vscode.Terminal, type: () => Promise<T>): Promise<T> {
    this.#ours.add(terminal);
    try {
      return await type();
    } finally {
      this.#ours.delete(terminal);
    }
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #touch(terminal: vscode.Terminal): void {
    this.#touched.set(terminal, this.#now());
  }
}

function inFront(terminal: vscode.Terminal): boolean {
  const { focused, active } = vscode.window.state;
  return focused && active && vscode.window.activeTerminal === terminal;
}
