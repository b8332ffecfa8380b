import * as vscode from 'vscode';
import type { TerminalClosed, TerminalSpec, Terminals } from '../ports/terminals.ts';
import type { PolecatId, Token } from '../town/ids.ts';

interface Open {
  readonly token: Token;
  readonly terminal: vscode.Terminal;
}

/** Terminals come back one by one after a reload; how long to look for one. */
const adoptPatienceMs = 10_000;
const lookAgainMs = 250;

/** Integrated terminals of polecats. The program is the terminal's own process; nothing is ever typed into it. */
export class IntegratedTerminals implements Terminals, vscode.Disposable {
  readonly #open = new Map<PolecatId, Open>();
  readonly #closed = new vscode.EventEmitter<TerminalClosed>();
  readonly #subscription: vscode.Disposable;

  constructor() {
    this.#subscription = vscode.window.onDidCloseTerminal((terminal) => {
      this.#terminalClosed(terminal);
    });
  }

  async open(spec: TerminalSpec): Promise<void> {
    const terminal = vscode.window.createTerminal({
      name: spec.title,
      shellPath: spec.file,
      shellArgs: [...spec.args],
      cwd: spec.cwd,
      env: { ...withoutEditorsOwn(), ...spec.env },
      iconPath: new vscode.ThemeIcon('robot'),
      color: new vscode.ThemeColor(colourOf(spec.provider)),
    });
    this.#open.set(spec.polecat, { token: spec.token, terminal });
    await terminal.processId;
  }

  async adopt(polecat: PolecatId, token: Token, shimPid: number): Promise<boolean> {
    if (this.#open.get(polecat)?.token === token) return true;
    const until = Date.now() + adoptPatienceMs;
    do {
      for (const terminal of vscode.window.terminals) {
        if ((await terminal.processId) !== shimPid) continue;
        this.#open.set(polecat, { token, terminal });
        return true;
      }
      await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
    } while (Date.now() < until);
    return false;
  }

  show(polecat: PolecatId): boolean {
    const open = this.#open.get(polecat);
    open?.terminal.show();
    return open !== undefined;
  }

  async close(polecat: PolecatId, token: Token): Promise<void> {
    const open = this.#open.get(polecat);
    if (open?.token === token) open.terminal.dispose();
    return Promise.resolve();
  }

  onClosed(listener: (closed: TerminalClosed) => void): vscode.Disposable {
    return this.#closed.event(listener);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#closed.dispose();
  }

  #terminalClosed(terminal: vscode.Terminal): void {
    const found = [...this.#open].find(([, one]) => one.terminal === terminal);
    // A window that reloads tells of every terminal as shut down while its process lives on.
    if (found === undefined || terminal.exitStatus?.reason === vscode.TerminalExitReason.Shutdown) return;
    const [polecat, { token }] = found;
    this.#open.delete(polecat);
    this.#closed.fire({
      polecat,
      token,
      byPerson: terminal.exitStatus?.reason === vscode.TerminalExitReason.User,
    });
  }
}

/** What the editor set for itself must not reach an agent or what it runs. */
function withoutEditorsOwn(): Record<string, null> {
  const own = Object.keys(process.env).filter((name) => /^(VSCODE_|ELECTRON_)/.test(name));
  return Object.fromEntries(own.map((name) => [name, null]));
}

/** The same vendor has the same colour in every window; the name says it too. */
function colourOf(provider: string): string {
  const colours = [
    'terminal.ansiCyan',
    'terminal.ansiMagenta',
    'terminal.ansiYellow',
    'terminal.ansiBlue',
    'terminal.ansiGreen',
  ];
  const sum = Array.from(provider).reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  return colours[sum % colours.length] ?? 'terminal.ansiCyan';
}
