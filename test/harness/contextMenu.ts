import { type Locator, type Page, errors } from 'playwright-core';
import { exactText } from './exactText.ts';

/** A menu shows what held when it was opened: what an extension learns of a file a moment later is not in it. */
const opens = 5;
const shownWithinMs = 4_000;

/** Right-clicks and chooses from the menu. */
export async function chooseFromMenu(page: Page, what: Locator, item: string): Promise<void> {
  const entry = page.locator('.monaco-menu .action-item .action-label', { hasText: exactText(item) });
  for (let open = 1; ; open += 1) {
    await what.click({ button: 'right' });
    try {
      await entry.waitFor({ timeout: shownWithinMs });
      break;
    } catch (error) {
      if (!(error instanceof errors.TimeoutError) || open === opens) throw error;
      await page.keyboard.press('Escape');
    }
  }
  // A fresh menu ignores the first press for a moment.
  for (let attempt = 0; attempt < 10 && (await entry.isVisible()); attempt++) {
    await entry.click({ timeout: 1000 }).catch(() => undefined);
    await entry.waitFor({ state: 'hidden', timeout: 500 }).catch(() => undefined);
  }
}
