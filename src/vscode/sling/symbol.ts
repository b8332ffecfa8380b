import * as vscode from 'vscode';

/** A language server that is still starting must not hold up a click. */
const patienceMs = 1500;

/** Dotted name of the innermost symbol around a line, as the language's own provider knows it; null for none. */
export async function enclosingSymbol(uri: vscode.Uri, line: number): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, patienceMs, undefined);
  });
  const asked = vscode.commands.executeCommand('vscode.executeDocumentSymbolProvider', uri);
  const found = await Promise.race([asked, late]);
  clearTimeout(timer);
  const symbols: readonly unknown[] = Array.isArray(found) ? found : [];
  const names = pathTo(
    symbols.filter((one) => one instanceof vscode.DocumentSymbol),
    line,
  );
  return names.length === 0 ? null : names.join('.');
}

/** Also the line right above a symbol counts as in it: that is where people write notes about it. */
function pathTo(symbols: readonly vscode.DocumentSymbol[], line: number): readonly string[] {
  const around =
    symbols.find(({ range }) => range.start.line <= line && line <= range.end.line) ??
    symbols.find(({ range }) => range.start.line === line + 1);
  return around === undefined ? [] : [around.name, ...pathTo(around.children, line)];
}
