/** The integrated terminals of a workbench. */
import type { Locator, Page } from 'playwright-core';

export class Terminal {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get #screen(): Locator {
    return this.#page.locator('.terminal-wrapper.active .xterm-rows');
  }

  /** The lines on screen of the active terminal. */
  async text(): Promise<string> {
    return (await this.#screen.first().innerText()).replaceAll('\u00a0', ' ');
  }

  /** Waits until the active terminal shows a text. */
  async shows(text: string | RegExp): Promise<void> {
    await this.#screen.filter({ hasText: text }).first().waitFor();
  }

  /** Types into the active terminal, as keys. */
  async type(text: string): Promise<void> {
    await this.#page.locator('.terminal-wrapper.active textarea.xterm-helper-textarea').focus();
    await this.#page.keyboard.type(text);
  }

  async press(key: string): Promise<void> {
    await this.#page.locator('.terminal-wrapper.active textarea.xterm-helper-textarea').focus();
    await this.#page.keyboard.press(key);
  }

  /** The names in the list beside the terminals; with a single terminal there is no list. */
  async names(): Promise<readonly string[]> {
    return this.#page.locator('.terminal-tabs-entry .label-name').allInnerTexts();
  }

  async select(name: string | RegExp): Promise<void> {
    await this.#page.locator('.terminal-tabs-entry .label-name', { hasText: name }).first().click();
  }
}
