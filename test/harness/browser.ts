/** The headless Chromium that stands in for a person's screen. */
import { chromium } from 'playwright-core';
import type { BrowserContext } from 'playwright-core';
import { ensureChromium } from './toolchain.mjs';

export type BrowserOptions = {
  /** Where it keeps what pages store: a workbench's layout and workspace state live there, not on the server. */
  readonly profileDir: string;
  readonly headless?: boolean;
  readonly width?: number;
  readonly height?: number;
};

/** Opens a browser on a profile folder; the same folder later is the same person coming back. */
export async function openBrowser(options: BrowserOptions): Promise<BrowserContext> {
  return chromium.launchPersistentContext(options.profileDir, {
    executablePath: await ensureChromium(),
    headless: options.headless ?? true,
    viewport: { width: options.width ?? 1600, height: options.height ?? 1000 },
    permissions: ['clipboard-read', 'clipboard-write'],
    // A container's /dev/shm is too small for a workbench, and there is no graphics card to wait for.
    args: ['--disable-dev-shm-usage', '--disable-gpu'],
  });
}
