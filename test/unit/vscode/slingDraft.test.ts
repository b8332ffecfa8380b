import { deepEqual, equal, match } from 'node:assert/strict';
import { slingDraft } from '../../../src/vscode/sling/draft.ts';

const source = {
  kind: 'todo',
  file: 'src/greet.js',
  line: 4,
  symbol: 'greet',
  text: 'greet by name',
} as const;

describe('A bead that was slung', () => {
  it('carries file, line, symbol and words of the note', () => {
    const draft = slingDraft(source, 'TODO');
    equal(draft.title, 'greet by name');
    deepEqual(draft.source, source);
    deepEqual(draft.touches, ['src/greet.js']);
    match(draft.description, /the TODO in src\/greet\.js, line 5, in greet asks for/);
  });

  it('is of the type its tag asks for', () => {
    deepEqual(
      ['TODO', 'FIXME', 'HACK', 'constructor', null].map((tag) => slingDraft(source, tag).type),
      ['implementation', 'debug', 'refactor', 'implementation', 'implementation'],
    );
  });

  it('has a title also when the note has no words', () => {
    equal(slingDraft({ ...source, text: '' }, 'TODO').title, 'TODO in src/greet.js:5');
  });

  it('quotes a selection whole and is titled by its first line with a word', () => {
    const draft = slingDraft({ ...source, text: '{\n  parse();\n  print();\n}' }, null);
    equal(draft.title, 'parse();');
    match(draft.description, /^A person marked this passage[^]+ {4}}$/);
  });
});
