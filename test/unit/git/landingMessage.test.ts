import assert from 'node:assert/strict';
import { messageText, withTrailers } from '../../../src/git/landingMessage.ts';

const trailers = [
  ['Bead', 'gt-1'],
  ['Agent', 'nux'],
] as const;

describe('the message of a landing', () => {
  it('has a title, the text and, at its end, the trailers', () => {
    assert.equal(
      messageText({ subject: ' Title ', body: '\nOne.\n\n\n\nTwo.  \n', trailers }),
      'Title\n\nOne.\n\nTwo.\n\nBead: gt-1\nAgent: nux\n',
    );
    assert.equal(messageText({ subject: 'Title', body: '', trailers: [] }), 'Title\n');
  });

  it('always has a title, and no trailer without a name or a value', () => {
    const bare = {
      subject: '\n',
      body: '',
      trailers: [
        ['', 'x'],
        ['Key', ' \r\n'],
        ['A b:c', 'v'],
      ],
    } as const;
    assert.equal(messageText(bare), 'Landed\n\nA-b-c: v\n');
  });

  it("puts trailers below those of a commit's own message, each once", () => {
    assert.equal(withTrailers('Fix\n', trailers), 'Fix\n\nBead: gt-1\nAgent: nux\n');
    const own = 'Fix\n\nWhy.\n\nBead: gt-1\nSigned-off-by: A <a@b>\n';
    assert.equal(withTrailers(own, trailers), `${own}Agent: nux\n`);
    assert.equal(withTrailers(withTrailers(own, trailers), trailers), `${own}Agent: nux\n`);
  });

  it('takes neither a title nor a sentence for a trailer', () => {
    assert.equal(withTrailers('Bead: gt-1\n', trailers), 'Bead: gt-1\n\nBead: gt-1\nAgent: nux\n');
    const text = 'Fix\n\nBead: gt-1\nand more words\n';
    assert.equal(withTrailers(text, trailers), `${text}\nBead: gt-1\nAgent: nux\n`);
  });
});
