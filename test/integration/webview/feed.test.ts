import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { feedRow, feedRows, snapshot } from './examples.ts';
import { type PageInBrowser, type Pages, startPages } from './pageInBrowser.ts';

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
});
