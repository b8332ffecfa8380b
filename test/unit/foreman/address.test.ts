import assert from 'node:assert/strict';
import { addressOf, isGitHub, isOther, openingPage } from '../../../src/foreman/forge/address.ts';

describe('the address of a remote', () => {
  const known = { host: 'github.com', path: 'acme/app' };
  for (const url of [
    'https://github.com/acme/app.git',
    'https://ada:secret@github.com/acme/app',
    'git@github.com:acme/app.git',
    'ssh://git@github.com:22/acme/app.git',
    'ssh://git@ssh.github.com:443/acme/app.git',
  ])
    it(`is known by ${url}`, () => {
      assert.deepEqual(addressOf(url), known);
    });

  for (const url of [
    '/srv/git/app.git',
    'git@work:acme/app.git',
    'file:///srv/app.git',
    'C:\\git\\app',
    '',
    'https://github.com/-x/app',
    'https://github.com/../app',
  ])
    it(`is not known by “${url}”`, () => {
      assert.equal(addressOf(url), null);
    });

  const page = (url: string): string | null => {
    const address = addressOf(url) ?? assert.fail(url);
    return openingPage(address, { branch: 'polecat/nux/gt-1', target: 'main' });
  };

  it('tells where a person opens a pull request, for the forges whose pages are known', () => {
    assert.equal(
      page('git@github.com:acme/app.git'),
      'https://github.com/acme/app/compare/main...polecat%2Fnux%2Fgt-1?expand=1',
    );
    assert.match(
      page('https://gitlab.com/a/b/app.git') ?? '',
      /^https:\/\/gitlab\.com\/a\/b\/app\/-\/merge_requests\/new\?.*polecat%2Fnux%2Fgt-1/,
    );
    assert.match(
      page('git@bitbucket.org:acme/app.git') ?? '',
      /pull-requests\/new\?source=polecat%2Fnux%2Fgt-1&dest=main$/,
    );
    assert.equal(page('https://git.example.org/acme/app.git'), null);
  });

  it('tells whose program knows it', () => {
    const of = (url: string): readonly boolean[] => {
      const address = addressOf(url) ?? assert.fail(url);
      return [isGitHub(address), isOther(address)];
    };
    assert.deepEqual(of('https://github.com/acme/app'), [true, false]);
    assert.deepEqual(of('https://github.corp.example/acme/app'), [true, false]);
    assert.deepEqual(of('https://gitlab.corp.example/acme/app'), [false, true]);
    assert.deepEqual(of('https://git.example.org/acme/app'), [false, false]);
  });
});
