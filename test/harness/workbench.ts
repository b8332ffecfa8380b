/**
 * Drives a real workbench as a person would: palette, trees, notifications, editors, terminals. It waits for what a
 * person would see and never for time; for what is on disk, tests look at the disk.
 */
import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type BrowserContext, type FrameLocator, type Locator, type Page, errors } from 'playwright-core';
import { openBrowser } from './browser.ts';
import { quietSettings, startCodeServer } from './codeServer.ts';
import type { CodeServer, Settings } from './codeServer.ts';
import { exactText } from './exactText.ts';
import { screenshots, vsixPath } from './places.ts';
import { Editor } from './workbenchEditor.ts';
import { Terminal } from './workbenchTerminal.ts';
import { Tree, webviewIn } from './workbenchViews.ts';

/** A theme's name in settings, its name in the picker, and what the workbench then calls itself. */
const themes = {
  dark: { id: 'Dark 2026', label: 'Dark 2026', kind: 'vs-dark' },
  light: { id: 'Light 2026', label: 'Light 2026', kind: 'vs' },
  highContrast: { id: 'Default High Contrast', label: 'Dark High Contrast', kind: 'hc-black' },
} as const;
export type Theme = keyof typeof themes;

export type WorkbenchOptions = {
  /** The folder to open; without one, an empty window. */
  readonly folder?: string;
  readonly settings?: Settings;
  /** Settings of scope `machine`, such as programs and their arguments. */
  readonly machineSettings?: Settings;
  readonly theme?: Theme;
  /** Added to what the editor and so the extension host sees. */
  readonly env?: Readonly<Record<string, string>>;
  readonly vsix?: string;
};

/** Starts code-server with Rigs installed from its VSIX, and opens a window on the folder. */
export async function openWorkbench(options: WorkbenchOptions = {}): Promise<Workbench> {
  const settings = {
    ...quietSettings,
    'workbench.colorTheme': themes[options.theme ?? 'dark'].id,
    ...options.settings,
  };
  const server = await startCodeServer({
    vsix: options.vsix ?? vsixPath,
    settings,
    ...(options.machineSettings === undefined ? {} : { machineSettings: options.machineSettings }),
    ...(options.env === undefined ? {} : { env: options.env }),
  });
  try {
    const browser = await openBrowser({ profileDir: join(server.home, '.browser') });
    const page = browser.pages()[0] ?? (await browser.newPage());
    page.setDefaultTimeout(15_000);
    const workbench = new Workbench(page, server, browser, settings);
    await workbench.open(options.folder);
    return workbench;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

export class Workbench {
  readonly page: Page;
  readonly server: CodeServer;
  readonly editor: Editor;
  readonly terminal: Terminal;
  readonly #browser: BrowserContext;
  #settings: Settings;

  constructor(page: Page, server: CodeServer, browser: BrowserContext, settings: Settings) {
    this.page = page;
    this.server = server;
    this.editor = new Editor(page, this);
    this.terminal = new Terminal(page);
    this.#browser = browser;
    this.#settings = settings;
  }

  /** Shows a folder in this window, or an empty window. */
  async open(folder?: string): Promise<void> {
    await this.page.goto(this.server.url(folder));
    await this.#ready();
  }

  /**
   * *Developer: Reload Window*: terminals live on, the extension host starts anew. The command and not the browser's
   * own reload, which would lose what the workbench had not stored yet.
   */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent('load');
    await this.command('Developer: Reload Window');
    await loaded;
    await this.#ready();
  }

  async #ready(): Promise<void> {
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor();
    await this.page.locator('.activitybar a[aria-label^="Rigs"]').waitFor();
  }

  /**
   * Runs a command from the palette by its whole title, `Rigs: Execute Goal…`. The palette lists what was known when
   * it opened, so right after a start it is opened again until the extension's commands are there.
   */
  async command(title: string): Promise<void> {
    await this.#picks(title, async () => {
      await this.page.keyboard.press('Escape');
      await this.page.keyboard.press('F1');
      return `>${title}`;
    });
  }

  /** Opens a picker and chooses what it lists under a label; what takes the keyboard, such as an editor that opens late, closes it. */
  async #picks(label: string, open: () => Promise<string>): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      const words = await open();
      try {
        await this.quickInput.locator('.quick-input-box input').fill(words, { timeout: 3_000 });
        await this.#entry(label).click({ timeout: 3_000 });
        return;
      } catch (error) {
        if (!(error instanceof errors.TimeoutError) || tries === 8) throw error;
      }
    }
  }

  #entry(label: string): Locator {
    const name = this.page.locator('.label-name', { hasText: exactText(label) });
    return this.quickInput.locator('.monaco-list-row', { has: name }).first();
  }

  /** The quick input, whichever command asked. */
  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible');
  }

  async quickFill(text: string): Promise<void> {
    await this.quickInput.locator('.quick-input-box input').fill(text);
  }

  /** Chooses the entry with exactly this label. */
  async quickPick(label: string): Promise<void> {
    await this.#entry(label).click();
  }

  /** Fills an input box and accepts it. */
  async quickAnswer(text: string): Promise<void> {
    await this.quickFill(text);
    await this.page.keyboard.press('Enter');
  }

  /** A notification on screen that contains the text. */
  toast(text: string | RegExp): Locator {
    return this.page.locator('.notifications-toasts .notification-list-item', { hasText: text }).first();
  }

  /** What every notification on screen says. */
  async toasts(): Promise<readonly string[]> {
    return this.page.locator('.notifications-toasts .notification-list-item-message').allInnerTexts();
  }

  async pressInToast(text: string | RegExp, button: string): Promise<void> {
    await this.toast(text).locator('.monaco-button', { hasText: button }).first().click();
  }

  async clearToasts(): Promise<void> {
    await this.command('Notifications: Clear All Notifications');
  }

  /** A modal question, and the button that answers it. */
  dialog(text: string | RegExp): Locator {
    return this.page.locator('.monaco-dialog-box', { hasText: text });
  }

  async pressInDialog(text: string | RegExp, button: string): Promise<void> {
    await this.dialog(text).locator('.monaco-button', { hasText: button }).first().click();
  }

  /**
   * Opens the container *Rigs* in the activity bar. The item and not its link: a badge lies over the link. A press on
   * an open container closes it, and after a reload it may open by itself meanwhile, so what is shown decides.
   */
  async showRigs(): Promise<void> {
    const link = this.page.locator('a[aria-label^="Rigs"]');
    const item = this.page.locator('.activitybar li.action-item', { has: link });
    const title = this.page.locator('.part.sidebar .title-label', { hasText: exactText('Rigs') });
    for (let tries = 0; tries < 5 && !(await title.isVisible()); tries += 1) {
      await item.click();
      await title.waitFor({ timeout: 3_000 }).catch(() => undefined);
    }
    await title.waitFor();
  }

  /** A tree view by its title; `show()` brings it on screen. */
  tree(title: string): Tree {
    return new Tree(this.page, title, () => this.command(`Rigs: Focus on ${title} View`));
  }

  /** Shows a webview view by its title and returns the frame its HTML lives in. */
  async webview(title: string): Promise<FrameLocator> {
    await this.command(`Rigs: Focus on ${title} View`);
    return webviewIn(this.page, title);
  }

  /** An item of the status bar that contains the text. */
  statusBar(text: string | RegExp): Locator {
    return this.page.locator('.statusbar-item', { hasText: text });
  }

  /** Changes settings of the person in their editor: what is written to the file beside a window, it does not see. */
  async changeSettings(changed: Settings): Promise<void> {
    this.#settings = { ...this.#settings, ...changed };
    await this.command('Preferences: Open User Settings (JSON)');
    await this.editor.tab('settings.json').waitFor();
    await this.editor.replace(JSON.stringify(this.#settings, null, 2));
    await this.command('View: Close Editor');
  }

  async setTheme(theme: Theme): Promise<void> {
    const { label, kind } = themes[theme];
    await this.#picks(label, async () => {
      await this.command('Preferences: Color Theme');
      return label;
    });
    await this.page.locator(`.monaco-workbench.${kind}`).waitFor();
  }

  /** Saves what is on screen as `.rigs-test/screenshots/<name>.png`. */
  async screenshot(name: string): Promise<string> {
    const path = join(screenshots, `${name.replace(/[^\w.-]+/g, '-')}.png`);
    await mkdir(screenshots, { recursive: true });
    await this.page.screenshot({ path, animations: 'disabled' });
    return path;
  }

  /** The same screen in dark, light and high contrast, ending in dark. */
  async screenshots(name: string): Promise<void> {
    for (const theme of ['light', 'highContrast', 'dark'] as const) {
      await this.setTheme(theme);
      await this.screenshot(`${name}-${theme}`);
    }
  }

  /** Keeps the screen and the editor's logs of a test that failed. */
  async keepEvidence(name: string): Promise<void> {
    const path = await this.screenshot(`failed-${name}`);
    const logs = path.replace(/\.png$/, '-logs');
    await rm(logs, { recursive: true, force: true });
    await cp(join(this.server.userDataDir, 'logs'), logs, { recursive: true });
  }

  /** Waits for something on screen or on disk; what never comes says so with its name. */
  async eventually(what: string, holds: () => Promise<boolean>, limitMs = 60_000): Promise<void> {
    const deadline = Date.now() + limitMs;
    while (!(await holds())) {
      if (Date.now() > deadline) throw new Error(`Never: ${what}`);
      await this.page.waitForTimeout(150);
    }
  }

  /** A second window of the same person on a folder; it goes with this one. */
  async another(folder: string): Promise<Workbench> {
    const page = await this.#browser.newPage();
    page.setDefaultTimeout(15_000);
    const workbench = new Workbench(page, this.server, this.#browser, this.#settings);
    await workbench.open(folder);
    return workbench;
  }

  /** Leaves the folder, as a person who closes its window does: its extension host and its terminals end. */
  async closeFolder(): Promise<void> {
    const loaded = this.page.waitForEvent('load');
    await this.command('Workspaces: Close Workspace');
    await loaded;
    await this.#ready();
  }

  async dispose(): Promise<void> {
    await this.#browser.close().catch(() => undefined);
    await this.server.stop();
  }
}
