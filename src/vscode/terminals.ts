import * as vscode from 'vscode';
import type { TerminalClosed, TerminalSpec, Terminals } from '../ports/terminals.ts';
import { isEditorsOwn } from '../system/environment.ts';
import type { PolecatId, Token } from '../town/ids.ts';
import { findByProcess } from './findByProcess.ts';
import { plain } from './text.ts';
import { runnerLook } from './terminalLook.ts';
import { TerminalTouch } from './terminalTouch.ts';

interface Open {
  readonly token: Token;
  readonly terminal: vscode.Terminal;
}

/** Terminals come back one by one after a reload; how long to look for one. */
const adoptPatienceMs = 10_000;
const lookAgainMs = 250;
/** Vendors' programs take keys that follow each other at once for a paste, in which Enter is a line end. */
const beforeEnterMs = 500;
/** A vendor's line editor is no place for a document. */
const maxTyped = 4_000;
/** So many stand side by side before they get too narrow to read. */
const maxSideBySide = 3;

/** Integrated terminals of polecats. The program is the terminal's own process; no command is ever typed into one. */
export class IntegratedTerminals implements Terminals, vscode.Disposable {
  readonly #open = new Map<PolecatId, Open>();
  readonly #closed = new vscode.EventEmitter<TerminalClosed>();
  readonly #subscription: vscode.Disposable;
  readonly #touch = new TerminalTouch();
  /** Those that stand side by side. */
  #groups: readonly (readonly vscode.Terminal[])[] = [];

  constructor() {
    this.#subscription = vscode.window.onDidCloseTerminal((terminal) => {
      this.#terminalClosed(terminal);
    });
  }

  async open(spec: TerminalSpec): Promise<void> {
    const { icon, color } = runnerLook(spec.runner ?? spec.provider);
    const name = plain(spec.title, 60);
    const group = this.#groupFor(name);
    const beside = group.at(-1);
    const terminal = vscode.window.createTerminal({
      name,
      shellPath: spec.file,
      shellArgs: [...spec.args],
      cwd: spec.cwd,
      env: { ...unset(editorsOwn()), ...unset(spec.without ?? []), ...spec.env },
      iconPath: new vscode.ThemeIcon(icon),
      color: new vscode.ThemeColor(color),
      ...(beside === undefined ? {} : { location: { parentTerminal: beside } }),
    });
    this.#open.set(spec.polecat, { token: spec.token, terminal });
    this.#groups = [...this.#groups.filter((one) => one !== group), [...group, terminal]];
    await terminal.processId;
  }

  async adopt(polecat: PolecatId, token: Token, shimPid: number): Promise<boolean> {
    if (this.#open.get(polecat)?.token === token) return true;
    const all = (): readonly vscode.Terminal[] => vscode.window.terminals;
    const terminal = await findByProcess(all, shimPid, adoptPatienceMs, lookAgainMs);
    if (terminal !== null) this.#open.set(polecat, { token, terminal });
    return terminal !== null;
  }

  show(polecat: PolecatId): boolean {
    const open = this.#open.get(polecat);
    open?.terminal.show();
    return open !== undefined;
  }

  async type(polecat: PolecatId, token: Token, text: string): Promise<'typed' | 'busy' | 'gone'> {
    const open = this.#open.get(polecat);
    if (open?.token !== token || open.terminal.exitStatus !== undefined) return 'gone';
    const { terminal } = open;
    if (this.#touch.isBusy(terminal)) return 'busy';
    const isTouched = this.#touch.since(terminal);
    return this.#touch.without(terminal, async () => {
      // One line without control characters: an escape would be a key, a line end would be Enter.
      terminal.sendText(plain(text, maxTyped), false);
      await new Promise((resolve) => setTimeout(resolve, beforeEnterMs));
      // Whoever came meanwhile may have added to the line: it stays there, for them to send or not.
      if (isTouched()) return 'busy';
      terminal.sendText('\r', false);
      return 'typed';
    });
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
    this.#touch.dispose();
    this.#closed.dispose();
  }

  /** Polecats of a rig stand beside each other, so that several agents are seen at once. Names only place them. */
  #groupFor(name: string): readonly vscode.Terminal[] {
    const stands = (one: vscode.Terminal): boolean =>
      one.exitStatus === undefined && vscode.window.terminals.includes(one);
    this.#groups = this.#groups.map((group) => group.filter(stands)).filter((group) => group.length > 0);
    const rig = rigIn(name);
    const fits = (group: readonly vscode.Terminal[]): boolean =>
      group.length < maxSideBySide && group.every((one) => rigIn(one.name) === rig);
    return this.#groups.find(fits) ?? [];
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

/** Opens a terminal of the person's own shell with a line typed into it, for them to read and to send or not. */
export function offerLine(name: string, icon: string, line: string): void {
  const terminal = vscode.window.createTerminal({
    name: plain(name, 60),
    iconPath: new vscode.ThemeIcon(icon),
    isTransient: true,
  });
  terminal.show();
  terminal.sendText(line, false);
}

/** `rig` of `rig/polecat · bead title`. */
function rigIn(name: string): string {
  const end = name.indexOf(' · ');
  const who = end === -1 ? name : name.slice(0, end);
  return who.slice(0, who.lastIndexOf('/'));
}

/** What the editor set for itself must not reach an agent or what it runs. */
function editorsOwn(): readonly string[] {
  return Object.keys(process.env).filter(isEditorsOwn);
}

function unset(names: readonly string[]): Record<string, null> {
  return Object.fromEntries(names.map((name) => [name, null]));
}
