import { deepEqual, doesNotMatch, equal, match, notEqual } from 'node:assert/strict';
import { createFeedView } from '../../../src/vscode/panels/feedPanel.ts';
import { pageHtml } from '../../../src/vscode/panels/page.ts';
import { FakePanel } from './fakePanel.ts';

const html = (words: unknown): string =>
  pageHtml(
    { bundle: 'feed', title: 'Feed', language: 'en', words },
    { cspSource: 'https://own.example', nonce: 'abc', file: (name) => `https://own.example/dist/${name}` },
  );

describe('The page of a webview', () => {
  it('allows its own script by nonce and its own styles and font, and nothing else', () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html({}))?.[1] ?? '';
    deepEqual(policy.replaceAll('&#39;', "'").split('; '), [
      "default-src 'none'",
      "script-src 'nonce-abc'",
      'style-src https://own.example',
      'font-src https://own.example',
      "connect-src 'none'",
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  it('cannot be left by words that look like markup', () => {
    const page = html({ a: '"><script>alert(1)</script>', b: "'" });
    doesNotMatch(page, /<script>alert/);
    match(page, /data-words="\{&quot;a&quot;:&quot;\\&quot;&gt;&lt;script&gt;/);
  });

  it('gets a new nonce every time, may load from dist only, and is not kept while hidden', () => {
    const nonces = [new FakePanel(), new FakePanel()].map((panel) => {
      panel.show(createFeedView);
      deepEqual(
        panel.webview.options.localResourceRoots?.map(({ path }) => path),
        ['/ext/dist'],
      );
      equal('retainContextWhenHidden' in panel.webview.options, false);
      return /nonce="([^"]+)"/.exec(panel.webview.html)?.[1];
    });
    notEqual(nonces[0], nonces[1]);
  });
});
