import type { Page } from 'playwright-core';
import { exactText } from './exactText.ts';

/** Chooses from the context menu on screen. A fresh menu ignores the first press for a moment, so it is repeated. */
export async function chooseFromMenu(page: Page, item: string): Promise<void> {
  const entry = page.locator('.monaco-menu .action-item .action-label', { hasText: exactText(item) });
  await entry.waitFor();
  for (let attempt = 0; attempt < 10 && (await entry.isVisible()); attempt++) {
    await entry.click({ timeout: 1000 }).catch(() => undefined);
    await entry.waitFor({ state: 'hidden', timeout: 500 }).catch(() => undefined);
  }
}
