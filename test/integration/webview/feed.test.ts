import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { DrawnGauge } from '../../../src/vscode/messages/tanks.ts';
import { drawnGauge, feedRow, feedRows, snapshot, tanks } from './examples.ts';
import { type PageInBrowser, type Pages, startPages } from './pageInBrowser.ts';
import { type ThemeName, themes } from './themes.ts';

describe('The feed page', function () {
  let pages: Pages;
  let feed: PageInBrowser;

  before(async function () {
    const started = await startPages();
    if (started === null) this.skip();
    pages = started;
  });
  after(async () => {
    await (pages as Pages | undefined)?.close();
  });
  beforeEach(async () => {
    feed = await pages.open('feed');
  });
  afterEach(async () => {
    deepEqual(await feed.violations(), []);
    await feed.close();
  });

  const rows = () => feed.page.locator('.row:visible');
  const filter = () => feed.page.locator('vscode-textfield input');
  const focused = (): Promise<string> => feed.page.evaluate("document.activeElement?.textContent ?? ''");
  const shown = async (...rowsToShow: Parameters<typeof snapshot>): Promise<void> => {
    await feed.post(snapshot(...rowsToShow));
    await feed.page.locator('.blank').waitFor({ state: 'hidden' });
  };
  const toTop = (): Promise<unknown> => feed.page.evaluate("document.querySelector('.rows').scrollTop = 0");
  const distanceFromEnd = (): Promise<number> =>
    feed.page.evaluate(
      "(({scrollHeight, scrollTop, clientHeight}) => scrollHeight - scrollTop - clientHeight)(document.querySelector('.rows'))",
    );

  it('asks for everything as soon as it is there, and says so while it waits', async () => {
    deepEqual(await feed.sent(), [{ type: 'ready' }]);
    equal(await feed.page.locator('.blank').innerText(), 'Reading the feed…');
  });

  it('says in words that nothing has happened yet', async () => {
    await feed.post(snapshot([]));
    await feed.page.getByText('Nothing has happened yet.').waitFor();
  });

  it('shows lines with time, level and kind in words, and follows the newest', async () => {
    await shown([
      ...feedRows(1, 99),
      feedRow(100, { kind: 'check', level: 'error', text: 'Check lint failed.' }),
    ]);
    equal(await rows().count(), 100);
    ok((await distanceFromEnd()) < 2);
    match(
      (await rows().last().getAttribute('aria-label')) ?? '',
      /\d\d:\d\d:\d\d, Error, Check, Check lint failed\./,
    );
  });

  it('shows hostile text as text', async () => {
    const texts = [
      '<img src=x onerror="sent.push({type:\'pwned\'})">',
      '<script>sent.push({type:"pwned"})</script>',
      '\u001b[2J\u001b[31mred',
      'safe\u202egnp.exe',
      '{count} javascript:alert(1) __proto__ constructor',
    ];
    await shown(
      texts.map((text, index) => feedRow(index, { text, rigName: text })),
      { severalRigs: true, notes: texts },
    );
    deepEqual(await feed.page.locator('.row .text').allInnerTexts(), [
      texts[0],
      texts[1],
      '␛[2J␛[31mred',
      'safe⟨U+202E⟩gnp.exe',
      texts[4],
    ]);
    equal(await feed.page.locator('main img, main script').count(), 0);
    deepEqual(await feed.sent(), [{ type: 'ready' }]);
  });

  it('drops messages that were not agreed on, keeps what it shows, and tells the host', async () => {
    await shown(feedRows(1, 2));
    for (const message of [
      'x',
      { type: 'snapshot', seq: 2, rows: [{ text: '<b>' }], more: false, severalRigs: false, notes: [] },
      { type: 'rows', seq: 2, rows: [{ ...feedRow(3), html: '<b>' }] },
      { type: 'navigate', to: 'https://example.invalid' },
    ])
      await feed.post(message);
    await feed.until('sent.length === 5');
    equal(await rows().count(), 2);
    ok((await feed.sent()).slice(1).every(({ type }) => type === 'rejected'));
  });

  it('asks for everything again when an addition went missing', async () => {
    await shown(feedRows(1, 2));
    await feed.post({ type: 'rows', seq: 2, rows: [feedRow(3)] });
    await rows().nth(2).waitFor();
    await feed.post({ type: 'rows', seq: 4, rows: [feedRow(5)] });
    await feed.until('sent.length === 2');
    equal((await feed.sent())[1]?.type, 'ready');
    equal(await rows().count(), 3);
  });

  it('counts what comes in the moment of scrolling up', async () => {
    await shown(feedRows(1, 100));
    const addition = { type: 'rows', seq: 2, rows: [feedRow(101)] };
    await feed.page.evaluate(
      `document.querySelector('.rows').scrollTop = 0;
       dispatchEvent(new MessageEvent('message', { data: ${JSON.stringify(addition)} }));`,
    );
    await feed.until("document.querySelector('.pill').textContent === '1 new line'");
  });

  it('stays where the person reads, counts what is new, and goes there on request', async () => {
    await shown(feedRows(1, 100));
    await toTop();
    await feed.post({ type: 'rows', seq: 2, rows: [feedRow(101)] });
    await feed.post({ type: 'rows', seq: 3, rows: feedRows(102, 103) });
    const pill = feed.page.locator('.pill');
    await feed.until("document.querySelector('.pill').textContent === '3 new lines'");
    equal(await feed.page.evaluate("document.querySelector('.rows').scrollTop"), 0);
    await pill.click();
    await pill.waitFor({ state: 'hidden' });
    ok((await distanceFromEnd()) < 2);
  });

  it('filters by words and by kind, and says how many lines are left', async () => {
    await shown([...feedRows(1, 5), feedRow(6, { kind: 'check', text: 'Check lint failed.' })]);
    await filter().fill('LINT');
    equal(await rows().count(), 1);
    equal(await feed.page.locator('.shown').innerText(), '1 of 6 lines');
    await filter().fill('nothing like it');
    await feed.page.getByText('No line matches the filter.').waitFor();
    await filter().fill('');
    await feed.page.getByRole('switch', { name: 'Beads' }).click();
    equal(await rows().count(), 1);
  });

  it('is walked with the keyboard: / to the filter, Escape back, arrows, Enter opens', async () => {
    await shown([
      feedRow(1, { bead: 'gt-0000a' }),
      feedRow(2, { bead: 'gt-0000b', request: 'mr-0000b', kind: 'landing' }),
      feedRow(3),
    ]);
    equal(await feed.page.locator('.row[tabindex="0"]').count(), 1);
    await rows().last().focus();
    await feed.page.keyboard.press('/');
    await feed.page.keyboard.type('a/b');
    equal(await filter().inputValue(), 'a/b');
    await feed.page.keyboard.press('Escape');
    await feed.until(
      "document.querySelector('vscode-textfield').shadowRoot.querySelector('input').value === ''",
    );
    match(await focused(), /BeadLine 3\.$/);
    await feed.page.keyboard.press('ArrowUp');
    await feed.page.keyboard.press('Enter');
    await feed.page.keyboard.press('ArrowRight');
    equal(await focused(), 'mr-0000b');
    await feed.page.keyboard.press('ArrowRight');
    await feed.page.keyboard.press('Enter');
    await feed.page.keyboard.press('Home');
    await feed.page.keyboard.press('Enter');
    const rig = feedRow(1).rig;
    deepEqual((await feed.sent()).slice(1), [
      { type: 'open', what: 'request', rig, id: 'mr-0000b' },
      { type: 'open', what: 'bead', rig, id: 'gt-0000b' },
      { type: 'open', what: 'bead', rig, id: 'gt-0000a' },
    ]);
  });

  it('opens what is clicked', async () => {
    await shown([feedRow(1, { bead: 'gt-0000a', polecat: 'nux-1' })]);
    await feed.page.getByRole('button', { name: 'nux-1' }).click();
    equal((await feed.sent())[1]?.['what'], 'polecat');
  });

  it('loads older lines without moving what is read, and never holds more than a thousand', async () => {
    await shown(feedRows(901, 1800), { more: true });
    await toTop();
    await feed.page.getByRole('button', { name: 'Show older lines' }).click();
    deepEqual((await feed.sent())[1], { type: 'older', before: feedRow(901).at });
    const place = (): Promise<number> =>
      feed.page.evaluate(
        `Math.round(document.querySelector('[data-id="${feedRow(905).id}"]').getBoundingClientRect().top)`,
      );
    const before = await place();
    await feed.post({ type: 'older', rows: feedRows(701, 901), more: false });
    await feed.page.getByText('Line 701.').waitFor({ state: 'attached' });
    ok(Math.abs((await place()) - before) <= 40, `moved from ${before} to ${await place()}`);
    equal(await feed.page.locator('.row').count(), 1000);
    equal(await feed.page.getByRole('button', { name: 'Show older lines' }).isVisible(), false);
    // The newest had to go; the way back to them is a fresh start.
    await feed.page.getByRole('button', { name: 'Newest lines' }).click();
    equal((await feed.sent()).at(-1)?.type, 'ready');
  });

  it('keeps filter, place and selection when it is hidden or reloaded, and no data', async () => {
    await shown(feedRows(1, 100));
    await filter().fill('line');
    await feed.page.locator(`[data-id="${feedRow(20).id}"]`).focus();
    await feed.page.evaluate("document.querySelector('.rows').scrollTop = 300");
    await feed.until("JSON.parse(sessionStorage.getItem('state')).top !== null");
    const kept: string = await feed.page.evaluate("sessionStorage.getItem('state')");
    ok(!kept.includes('Line 2'));
    await feed.page.reload();
    await shown(feedRows(1, 120));
    equal(await filter().inputValue(), 'line');
    equal(await feed.page.evaluate("document.querySelector('.rows').scrollTop"), 300);
    equal(await feed.page.locator('.row[tabindex="0"]').getAttribute('data-id'), feedRow(20).id);
  });

  it('reads new lines out politely, and a flood of them as a number', async () => {
    const region = feed.page.locator('[aria-live="polite"]');
    await shown(feedRows(1, 2));
    await feed.post({ type: 'rows', seq: 2, rows: [feedRow(3)] });
    await feed.until(`document.querySelector('[aria-live="polite"]').textContent === 'Line 3.'`);
    await feed.post({ type: 'rows', seq: 3, rows: feedRows(4, 30) });
    await feed.until(`document.querySelector('[aria-live="polite"]').textContent === '27 new lines'`);
    equal(await region.count(), 1);
  });

  it('shows what could not be read above what could', async () => {
    await shown(feedRows(1, 1), { notes: ['The feed of tidy could not be read: EACCES'] });
    await feed.page.getByText('The feed of tidy could not be read: EACCES').waitFor();
    equal(await rows().count(), 1);
  });

  describe('with what tanks have left', () => {
    const figures = () => feed.page.locator('figure:visible');
    const heading = () => feed.page.locator('summary');
    const unfolded = async (...gauges: readonly DrawnGauge[]): Promise<void> => {
      await shown(feedRows(1, 3));
      await feed.post(tanks(gauges));
      await heading().click();
      await feed.until(`document.querySelectorAll('.plot canvas').length === ${gauges.length}`);
    };

    it('says in one line which is the lowest, and leaves the rest of the page to the feed', async () => {
      await shown(feedRows(1, 3));
      equal(await feed.page.locator('details').isVisible(), false);
      await feed.post(tanks([drawnGauge()]));
      await feed.page.getByText('claude-code · 5-hour window · getting low · 40% left').first().waitFor();
      equal(await figures().count(), 0);
      ok(((await feed.page.locator('details').boundingBox())?.height ?? 99) < 30);
    });

    it('draws a chart for each gauge, and forgets those that are gone', async () => {
      await unfolded(drawnGauge(), drawnGauge({ id: '00000000000000ab', limit: 'weekly window' }));
      deepEqual(await figures().locator('.limit').allInnerTexts(), ['5-hour window', 'weekly window']);
      await feed.post(tanks([drawnGauge({ id: '00000000000000ab', limit: 'weekly window' })]));
      await feed.until("document.querySelectorAll('figure').length === 1");
    });

    it('draws what was in full, what is expected as a shade, and marks where it is dry and full again', async () => {
      await unfolded(drawnGauge());
      const ink: Record<string, number> = await feed.page.evaluate(inkOf);
      ok((ink['past'] ?? 0) > 0, JSON.stringify(ink));
      ok((ink['shade'] ?? 0) > 100, JSON.stringify(ink));
      ok((ink['dry'] ?? 0) > 10 && (ink['reset'] ?? 0) > 10, JSON.stringify(ink));
    });

    it('says in words that no account is known yet', async () => {
      await shown(feedRows(1, 3));
      await feed.post(tanks([]));
      await heading().click();
      await feed.page.getByText('No vendor has said yet what an account has left.').waitFor();
      equal(await figures().count(), 0);
    });

    it('is read with the keyboard, point by point', async () => {
      await unfolded(drawnGauge());
      await feed.page.locator('vscode-textfield input').focus();
      await feed.page.keyboard.press('Shift+Tab');
      await feed.until("document.activeElement.localName === 'figure'");
      const said = feed.page.locator('output');
      await feed.page.keyboard.press('ArrowLeft');
      match(await said.innerText(), /: 50% left$/);
      await feed.page.keyboard.press('End');
      match(await said.innerText(), /: 0% left if it goes on so, 0–0%$/);
      await feed.page.keyboard.press('Escape');
      await feed.until("document.querySelector('output').textContent === ''");
    });

    it('tells a screen reader the same figures as a table', async () => {
      await unfolded(drawnGauge());
      const figure = feed.page.getByRole('figure', {
        name: /^claude-code, 5-hour window, getting low · 40% left/,
      });
      deepEqual(await figure.getByRole('row').allInnerTexts(), [
        'Limit\t5-hour window',
        'Left\t40% left (getting low)',
      ]);
    });

    it('stays open or folded as it was left', async () => {
      await unfolded(drawnGauge());
      await feed.page.reload();
      await feed.post(tanks([drawnGauge()]));
      await feed.page.locator('.plot canvas').waitFor();
    });

    it('shows hostile names as text', async () => {
      const text = '<img src=x onerror="sent.push(1)">\u202egnp';
      await unfolded(
        drawnGauge({ tank: text, limit: text, summary: text, facts: [{ name: text, value: text }] }),
      );
      equal(await feed.page.locator('main img').count(), 0);
      match(await figures().locator('.tank').innerText(), /⟨U\+202E⟩gnp$/);
    });

    it('is drawn in the colours of each theme, and anew when the theme changes', async () => {
      for (const theme of Object.keys(themes) as ThemeName[]) {
        const page = await pages.open('feed', { theme, height: 500 });
        await page.post(tanks([drawnGauge()]));
        await page.page.locator('summary').click();
        await page.page.locator('.plot canvas').waitFor();
        const ink: Record<string, number> = await page.page.evaluate(inkOf);
        ok((ink['past'] ?? 0) > 0, theme);
        await page.page.evaluate(
          "document.documentElement.style.setProperty('--vscode-charts-yellow', '#0000ff')",
        );
        await page.until(`(${inkOf}).past > 0`);
        deepEqual(await page.violations(), []);
        await page.close();
      }
    });
  });
});

/** How many points of the chart have the colour of its level, solid left of now and shaded right of it, and of its marks. */
const inkOf = `(() => {
  const canvas = document.querySelector('.plot canvas');
  const { data, width, height } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const color = (name) => {
    const probe = document.createElement('canvas').getContext('2d');
    probe.fillStyle = getComputedStyle(document.body).getPropertyValue('--vscode-' + name);
    return [1, 3, 5].map((at) => parseInt(probe.fillStyle.slice(at, at + 2), 16));
  };
  const near = (at, [r, g, b]) =>
    Math.abs(data[at] - r) < 9 && Math.abs(data[at + 1] - g) < 9 && Math.abs(data[at + 2] - b) < 9;
  const [level, dry, reset] = ['charts-yellow', 'charts-red', 'descriptionForeground'].map(color);
  const found = { past: 0, shade: 0, dry: 0, reset: 0 };
  for (let y = 20; y < height - 30; y += 1) for (let x = 44; x < width; x += 1) {
    const at = 4 * (y * width + x);
    const solid = data[at + 3] > 200;
    if (near(at, level)) found[solid ? 'past' : 'shade'] += data[at + 3] > 20 ? 1 : 0;
    if (solid && near(at, dry)) found.dry += 1;
    if (solid && near(at, reset)) found.reset += 1;
  }
  return found;
})()`;
