import type * as vscode from 'vscode';

/** Owns what was registered under it, and lets go in the opposite order. */
export class Disposables implements vscode.Disposable {
  private readonly owned: vscode.Disposable[] = [];

  add<T extends vscode.Disposable>(one: T): T {
    this.owned.push(one);
    return one;
  }

  dispose(): void {
    for (let one = this.owned.pop(); one !== undefined; one = this.owned.pop()) one.dispose();
  }
}
