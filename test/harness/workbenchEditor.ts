/** The active text editor of a workbench. */
import type { Locator, Page } from 'playwright-core';
import { chooseFromMenu } from './contextMenu.ts';
import { exactText } from './exactText.ts';

type Palette = {
  readonly quickFill: (text: string) => Promise<void>;
  readonly quickInput: Locator;
};

const active = '.editor-group-container.active .editor-instance';

/** Lines are placed, not ordered; a diff shows its new side last. */
const visibleText = `(() => {
  const editors = [...document.querySelectorAll('${active} .monaco-editor .view-lines')];
  const top = (line) => parseInt(line.style.top, 10);
  const lines = [...(editors.at(-1)?.querySelectorAll('.view-line') ?? [])].sort((a, b) => top(a) - top(b));
  return lines.map((line) => line.textContent.replaceAll('\\u00a0', ' ')).join('\\n');
})()`;

export class Editor {
  readonly #page: Page;
  readonly #palette: Palette;

  constructor(page: Page, palette: Palette) {
    this.#page = page;
    this.#palette = palette;
  }

  /** Opens a file of the workspace by its path in it. */
  async open(path: string): Promise<void> {
    const name = path.split('/').at(-1) ?? path;
    const row = this.#palette.quickInput.locator('.monaco-list-row', { hasText: name }).first();
    // A search that began before a busy machine knew of the file does not look again by itself.
    for (let attempt = 1; ; attempt += 1) {
      await this.#page.keyboard.press('Control+P');
      await this.#palette.quickFill(path);
      try {
        await row.click();
        break;
      } catch (error) {
        if (attempt === 3) throw error;
        await this.#page.keyboard.press('Escape');
      }
    }
    await this.tab(name).waitFor();
    await this.#page.locator(`${active} .view-line`).first().waitFor();
  }

  /** A tab by the name it shows. */
  tab(name: string | RegExp): Locator {
    return this.#page
      .locator('.tabs-container .tab .monaco-icon-label', { hasText: exactText(name) })
      .first();
  }

  /** The lines on screen. A long document is better read from disk. */
  async text(): Promise<string> {
    return this.#page.evaluate<string>(visibleText);
  }

  line(text: string | RegExp): Locator {
    return this.#page.locator(`${active} .view-line`, { hasText: text }).first();
  }

  /** Presses a CodeLens. */
  async lens(title: string): Promise<void> {
    await this.#page
      .locator(`${active} .codelens-decoration a`, { hasText: exactText(title) })
      .first()
      .click();
  }

  async lenses(): Promise<readonly string[]> {
    return this.#page.locator(`${active} .codelens-decoration a`).allInnerTexts();
  }

  /** Right-clicks a line and chooses from the menu. */
  async menu(line: string | RegExp, item: string): Promise<void> {
    await this.line(line).click();
    await chooseFromMenu(this.#page, this.line(line), item);
  }

  /** Opens the quick fixes of a line and takes one. */
  async quickFix(line: string | RegExp, title: string): Promise<void> {
    await this.line(line).click();
    await this.#page.keyboard.press('Control+.');
    await this.#page.locator('.action-widget .monaco-list-row', { hasText: title }).first().click();
  }

  /** Replaces the whole document and saves it. */
  async replace(text: string): Promise<void> {
    await this.#page.locator(`${active} .view-line`).first().click();
    await this.#page.keyboard.press('Control+A');
    await this.#page.keyboard.insertText(text);
    await this.save();
  }

  async save(): Promise<void> {
    await this.#page.keyboard.press('Control+S');
    await this.#page.locator('.tabs-container .tab.active:not(.dirty)').waitFor();
  }

  /** Puts the cursor at the end of a line and types. */
  async type(line: string | RegExp, text: string): Promise<void> {
    await this.line(line).click();
    await this.#page.keyboard.press('End');
    await this.#page.keyboard.insertText(text);
  }
}
