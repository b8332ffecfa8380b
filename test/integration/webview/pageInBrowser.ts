/** Our two pages in a real browser, with the policy and the words the host gives them, and a host that is a test. */
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { build } from 'esbuild';
import { type Browser, type Page, chromium } from 'playwright-core';
import { feedWords } from '../../../src/vscode/panels/feedWords.ts';
import { pageHtml } from '../../../src/vscode/panels/page.ts';
import { queueWords } from '../../../src/vscode/panels/queueWords.ts';
import { plainEnglish } from '../../../src/words/translate.ts';
import { Lacking, ensureChromium, root, say } from '../../harness/toolchain.mjs';
import { type ThemeName, themes } from './themes.ts';

export type Bundle = 'feed' | 'queue';

/** Never contacted: every request to it is answered here. */
const origin = 'http://rigs.test';
const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.ttf': 'font/ttf',
};
const words = { feed: feedWords(plainEnglish), queue: queueWords(plainEnglish) };

/** What stands in for VS Code inside the page: it keeps what was sent, and remembers state over a reload. */
const fakeApi = `
  globalThis.sent = [];
  globalThis.acquireVsCodeApi = () => ({
    postMessage: (message) => void globalThis.sent.push(JSON.parse(JSON.stringify(message))),
    getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined,
    setState: (state) => sessionStorage.setItem('state', JSON.stringify(state)),
  });
  globalThis.violations = [];
  document.addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective));
`;

export interface PageInBrowser {
  readonly page: Page;
  /** Says something to the page as the host would. */
  post(message: unknown): Promise<void>;
  /** Everything the page said, oldest first. */
  sent(): Promise<readonly { readonly type: string; readonly [key: string]: unknown }[]>;
  /** Waits until an expression is true in the page. Playwright's own wait evaluates it there, which the policy stops. */
  until(expression: string): Promise<void>;
  /** What the page's own policy had to stop; a page of ours never tries. */
  violations(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface Pages {
  open(
    bundle: Bundle,
    options?: { readonly theme?: ThemeName; readonly width?: number; readonly height?: number },
  ): Promise<PageInBrowser>;
  close(): Promise<void>;
}

/** Bundles the pages as the product does and starts a browser; null, said aloud, where there is none. */
export async function startPages(): Promise<Pages | null> {
  const executablePath = await ensureChromium().catch((error: unknown) => {
    if (!(error instanceof Lacking)) throw error;
    say(`  The pages were not tried in a browser. ${error.message}`);
    return null;
  });
  if (executablePath === null) return null;
  const dist = await bundled();
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
  });
  return {
    open: (bundle, options = {}) => openPage(browser, dist, bundle, options),
    close: async () => {
      await browser.close();
      await rm(dist, { recursive: true, force: true });
    },
  };
}

async function bundled(): Promise<string> {
  const dist = await mkdtemp(join(tmpdir(), 'rigs-pages-'));
  const source = (name: string): string => join(root, 'src', 'webview', name);
  await build({
    entryPoints: ['feed.ts', 'feed.css', 'queue.ts', 'queue.css'].map(source),
    outdir: dist,
    bundle: true,
    platform: 'browser',
    target: 'chrome128',
    format: 'iife',
    tsconfig: source('tsconfig.json'),
    logLevel: 'warning',
  });
  for (const name of ['codicon.css', 'codicon.ttf'])
    await copyFile(join(root, 'node_modules', '@vscode', 'codicons', 'dist', name), join(dist, name));
  return dist;
}

async function openPage(
  browser: Browser,
  dist: string,
  bundle: Bundle,
  options: { readonly theme?: ThemeName; readonly width?: number; readonly height?: number },
): Promise<PageInBrowser> {
  const page = await browser.newPage({
    viewport: { width: options.width ?? 1100, height: options.height ?? 320 },
    reducedMotion: 'reduce',
  });
  const html = pageHtml(
    { bundle, title: bundle, language: 'en', words: words[bundle] },
    { cspSource: origin, nonce: 'bm9uY2U', file: (name) => `${origin}/${name}` },
  );
  await page.route('**/*', async (route) => {
    const name = basename(new URL(route.request().url()).pathname);
    const body = name === '' ? html : await readFile(join(dist, name)).catch(() => null);
    if (body === null) await route.fulfill({ status: 404, body: '' });
    else await route.fulfill({ body, contentType: contentTypes[extname(name)] ?? 'text/html' });
  });
  await page.addInitScript(fakeApi);
  await page.addInitScript(dress(options.theme ?? 'dark'));
  await page.goto(`${origin}/`);
  return {
    page,
    post: (message) => page.evaluate(`postMessage(${JSON.stringify(message)}, '*')`),
    sent: () => page.evaluate('sent'),
    until: (expression) => until(page, expression),
    violations: () => page.evaluate('violations'),
    close: () => page.close(),
  };
}

async function until(page: Page, expression: string): Promise<void> {
  const deadline = Date.now() + 25_000;
  while ((await page.evaluate(expression)) !== true) {
    if (Date.now() > deadline) throw new Error(`Never came true: ${expression}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Puts a theme on the page the way VS Code does. */
function dress(name: ThemeName): string {
  const { variables, bodyClass, kind } = themes[name];
  return `addEventListener('DOMContentLoaded', () => {
    for (const [name, value] of Object.entries(${JSON.stringify(variables)}))
      document.documentElement.style.setProperty(name, value);
    document.documentElement.style.background = ${JSON.stringify(variables['--vscode-panel-background'])};
    document.body.classList.add(${JSON.stringify(bodyClass)});
    document.body.dataset.vscodeThemeKind = ${JSON.stringify(kind)};
  });`;
}
