import { randomBytes } from 'node:crypto';
import type * as vscode from 'vscode';

/** One of our two pages: its bundle's name and what a screen reader calls it. */
export interface Page {
  readonly bundle: 'feed' | 'queue';
  readonly title: string;
  /** BCP 47, as the editor's own pages have it. */
  readonly language: string;
  /** Words of the page itself; read back and validated by it. */
  readonly words: unknown;
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (found) => escapes[found] ?? '');

/**
 * The page of a webview. Nothing is allowed but our own script (by nonce), our style sheets and the icon font: no
 * connections, no images, no inline styles. All content comes later, by messages, as text.
 */
export function pageHtml(
  page: Page,
  sources: { readonly cspSource: string; readonly nonce: string; file(name: string): string },
): string {
  const { cspSource, nonce } = sources;
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource}`,
    `font-src ${cspSource}`,
    `connect-src 'none'`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
  const href = (name: string): string => escaped(sources.file(name));
  return `<!DOCTYPE html>
<html lang="${escaped(page.language)}">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${escaped(policy)}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${escaped(page.title)}</title>
    <link rel="stylesheet" href="${href('codicon.css')}" id="vscode-codicon-stylesheet" />
    <link rel="stylesheet" href="${href(`${page.bundle}.css`)}" />
  </head>
  <body data-words="${escaped(JSON.stringify(page.words))}">
    <main id="root"></main>
    <script nonce="${escaped(nonce)}" src="${href(`${page.bundle}.js`)}"></script>
  </body>
</html>
`;
}

/** Puts the page into a view that may load from `dist/` and nowhere else. */
export function showPage(webview: vscode.Webview, extension: vscode.Uri, page: Page): void {
  // Uri.with instead of Uri.joinPath: this room's files run in tests, where there is no 'vscode' to call.
  const within = (name: string): vscode.Uri => extension.with({ path: `${extension.path}/dist${name}` });
  webview.options = { enableScripts: true, enableForms: false, localResourceRoots: [within('')] };
  webview.html = pageHtml(page, {
    cspSource: webview.cspSource,
    nonce: randomBytes(24).toString('base64url'),
    file: (name) => webview.asWebviewUri(within(`/${name}`)).toString(),
  });
}
