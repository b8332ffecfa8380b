import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Screen } from '../../../src/worker/screen.ts';
import type { Happening } from '../../../src/worker/transcript.ts';
import { commandEnvironment } from '../../../src/worker/tools/environment.ts';

function draw(columns: number, colours: boolean, happenings: readonly (Happening | string)[]): string {
  let out = '';
  const screen = new Screen({ write: (text) => (out += text), columns: () => columns, colours });
  for (const one of happenings) {
    if (typeof one === 'string') screen.piece(one);
    else screen.show(one);
  }
  return out;
}

const begin: Happening = {
  kind: 'begin',
  bead: 'gt-aaaaa',
  title: 'Add a parser',
  agent: 'nux',
  provider: 'rehearsal',
  model: 'scripted',
  branch: 'polecat/nux/gt-aaaaa',
  purpose: 'begin',
};
const usage = { input: 1234, cachedInput: 0, output: 56 };
const end: Happening = { kind: 'end', text: 'Ends its turn.', exitCode: 0 };

describe('the transcript in the terminal', () => {
  it('reads well', () => {
    const drawn = draw(60, false, [
      begin,
      { kind: 'step', number: 1 },
      'I look at the parser first, because every other module ',
      'leans on it.\nThen I change it.',
      { kind: 'text', text: 'is not drawn a second time' },
      { kind: 'tokens', answer: usage, session: { ...usage, cachedInput: 1000 } },
      { kind: 'tool', name: 'edit', about: 'src/parser.ts' },
      { kind: 'result', ok: true, lines: ['+3 −1'] },
      end,
    ]);
    assert.equal(
      drawn,
      `gt-aaaaa  Add a parser
nux · rehearsal / scripted · polecat/nux/gt-aaaaa · first s…
REHEARSAL: the model's words are scripted. Files, commands, git and checks are real.

── 1 ───────────────────────────────────────────────────────
  I look at the parser first, because every other module
  leans on it.
  Then I change it.
  tokens: 1,234 in, 56 out · 2,290 this session
  > edit src/parser.ts
    +3 −1

  Ends its turn.
`,
    );
  });

  it('says plainly when the words are a rehearsal, and only then', () => {
    assert.match(draw(80, false, [begin]), /REHEARSAL/);
    assert.doesNotMatch(draw(80, false, [{ ...begin, provider: 'claude' }]), /REHEARSAL/);
  });

  it('is coloured only where that is wanted', () => {
    // eslint-disable-next-line no-control-regex -- what colours are made of
    const escape = /\u001b/;
    assert.match(draw(80, true, [begin]), escape);
    assert.doesNotMatch(draw(80, false, [begin]), escape);
  });

  it('obeys nothing that a model or a file says, however it is cut into pieces', () => {
    const hostile = fc
      .array(
        fc.oneof(
          fc.constantFrom(
            '\u001b[2J',
            '\u001b]0;title\u0007',
            '\u001b]52;c;eA==\u001b\\',
            '\r',
            '\u0008',
            '\u009b31m',
            '\u202e',
            '\u001b',
            '[2J',
          ),
          fc.string({ unit: 'binary', maxLength: 5 }),
        ),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(hostile, fc.nat({ max: 20 }), (text, cut) => {
        const drawn = draw(60, false, [
          text.slice(0, cut),
          text.slice(cut),
          { kind: 'text', text },
          { kind: 'text', text },
          { ...begin, title: text, model: text },
          { kind: 'tool', name: 'run', about: text },
          { kind: 'result', ok: false, lines: [text] },
          { kind: 'typed', text },
          { kind: 'note', text },
          { kind: 'end', text, exitCode: 1 },
        ]);
        // eslint-disable-next-line no-control-regex -- exactly what must not be there
        assert.doesNotMatch(drawn, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
      }),
    );
  });

  it('shows nothing of a colour code that arrives in two pieces', () => {
    assert.equal(draw(60, false, ['a \u001b[3', '1mred\u001b[0m b', end]), '  a red b\n\n  Ends its turn.\n');
  });

  it('loses no word of the model and is never wider than the terminal', () => {
    const word = fc.stringMatching(/^[a-z]{1,20}$/);
    fc.assert(
      fc.property(fc.array(word), fc.nat({ max: 50 }), (words, cut) => {
        const text = words.join(' ');
        const drawn = draw(40, false, [text.slice(0, cut), text.slice(cut), end]).replace(
          '\n  Ends its turn.\n',
          '',
        );
        assert.deepEqual(drawn.split(/\s+/).filter(Boolean), words);
        assert.ok(
          drawn.split('\n').every((line) => line.length <= 40),
          drawn,
        );
      }),
    );
  });
});

describe('the environment of a command', () => {
  it('holds none of our variables, none of the editor, and nothing that looks like a key', () => {
    const withheld = {
      RIGS_TOKEN: '1',
      RIGS_HOME: '1',
      VSCODE_GIT_IPC_HANDLE: '1',
      ELECTRON_RUN_AS_NODE: '1',
      ANTHROPIC_API_KEY: '1',
      GITHUB_TOKEN: '1',
      AWS_SECRET_ACCESS_KEY: '1',
      npm_config_password: '1',
      SSH_AUTH_SOCK: '1',
    };
    const kept = { PATH: '/bin', HOME: '/home/me', LANG: 'C', GTR_AGENT: 'nux' };
    assert.deepEqual(commandEnvironment({ ...withheld, ...kept }), kept);
  });
});
