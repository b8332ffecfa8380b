/** The views of a workbench: trees and webviews, each found by the title a person reads. */
import { errors } from 'playwright-core';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { chooseFromMenu } from './contextMenu.ts';
import { exactText } from './exactText.ts';

/** A row that is drawn anew again and again is quiet for a moment within this. */
const pressWithinMs = 15_000;

function pane(page: Page, title: string): Locator {
  const heading = page.locator('.pane-header h3.title', { hasText: exactText(title) });
  return page.locator('.pane', { has: heading });
}

export type Row = {
  readonly label: string;
  readonly description: string;
  /** 1 for a root. */
  readonly level: number;
  /** Undefined for a row that cannot be expanded. */
  readonly expanded: boolean | undefined;
};

/** As much of a page's element as is read of a row. */
interface PageRow {
  getAttribute(name: string): string | null;
  querySelectorAll(part: string): Iterable<{ readonly innerText: string }>;
}

/**
 * Runs in the page, in one go: rows that come and go meanwhile would be waited for one by one. Rows of a list are
 * placed, not ordered, so their order in the page says nothing.
 */
function readRows(found: unknown): readonly Row[] {
  const texts = (row: PageRow, part: string): string =>
    [...row.querySelectorAll(part)].map((one) => one.innerText).join(' ');
  const at = (row: PageRow): number => Number(row.getAttribute('data-index'));
  const ordered = (found as PageRow[]).sort((a, b) => at(a) - at(b));
  return ordered.map((row) => {
    const expanded = row.getAttribute('aria-expanded');
    return {
      label: texts(row, '.label-name'),
      description: texts(row, '.label-description'),
      level: Number(row.getAttribute('aria-level')),
      expanded: expanded === null ? undefined : expanded === 'true',
    };
  });
}

export class Tree {
  readonly #page: Page;
  readonly #pane: Locator;
  readonly #show: () => Promise<void>;

  constructor(page: Page, title: string, show: () => Promise<void>) {
    this.#page = page;
    this.#pane = pane(page, title);
    this.#show = show;
  }

  /** Brings the tree on screen, whatever was there before. */
  async show(): Promise<this> {
    await this.#show();
    await this.#pane.locator('.pane-body').waitFor();
    return this;
  }

  /** Folds it, so that the others have its place. */
  async fold(): Promise<void> {
    const header = this.#pane.locator('.pane-header');
    if ((await header.getAttribute('aria-expanded')) === 'true') await header.click();
  }

  /** The row with this label, waited for by whatever is done with it. */
  row(label: string | RegExp): Locator {
    const name = this.#page.locator('.label-name', { hasText: exactText(label) });
    return this.#pane.locator('.monaco-list-row', { has: name }).first();
  }

  /** The rows on screen, from top to bottom. */
  async rows(): Promise<readonly Row[]> {
    return this.#pane.locator('.monaco-list-row').evaluateAll(readRows);
  }

  /** What an empty view says instead of rows. */
  get welcome(): Locator {
    return this.#pane.locator('.welcome-view-content');
  }

  async expand(label: string | RegExp): Promise<void> {
    const row = this.row(label);
    if ((await row.getAttribute('aria-expanded')) === 'false')
      await row.locator('.monaco-tl-twistie').click();
  }

  async click(label: string | RegExp): Promise<void> {
    await this.row(label).locator('.label-name').click();
  }

  async tick(label: string | RegExp): Promise<void> {
    await this.row(label).locator('.custom-view-tree-node-item-checkbox').click();
  }

  /** Presses the button that a row shows under the pointer. */
  async press(label: string | RegExp, button: string): Promise<void> {
    const action = this.row(label).locator(`a.action-label[aria-label^="${button}"]`);
    for (const until = Date.now() + pressWithinMs; ;) {
      await this.row(label).hover();
      try {
        await action.click({ timeout: 1_000 });
        return;
      } catch (error) {
        // A row that was drawn anew, or moved, has lost the pointer.
        if (!(error instanceof errors.TimeoutError) || Date.now() > until) throw error;
      }
    }
  }

  /** Presses a button in the title of the view. */
  async pressInTitle(button: string): Promise<void> {
    await this.#pane.locator('.pane-header').hover();
    await this.#pane.locator(`.pane-header a.action-label[aria-label^="${button}"]`).click();
  }

  /** Chooses from a row's context menu. */
  async menu(label: string | RegExp, item: string): Promise<void> {
    await chooseFromMenu(this.#page, this.row(label), item);
  }
}

/**
 * The frame of the webview that lies over a view. Nothing but its place ties it to the view: webviews hang at the end
 * of the page and are laid over their panes, so several can only be told apart by where they are.
 */
export async function webviewIn(page: Page, title: string): Promise<FrameLocator> {
  const body = pane(page, title).locator('.pane-body');
  await body.waitFor();
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline) {
    const box = await body.boundingBox();
    for (const frame of await page.locator('iframe.webview.ready:visible').all()) {
      const place = await frame.boundingBox();
      if (box === null || place === null || place.width === 0) continue;
      const [x, y] = [place.x + place.width / 2, place.y + place.height / 2];
      const inside = x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height;
      const name = await frame.getAttribute('name');
      if (inside && name !== null)
        return page.frameLocator(`iframe[name="${name}"]`).frameLocator('#active-frame');
    }
    await page.waitForTimeout(100);
  }
  throw new Error(`No webview appeared in the view "${title}".`);
}
