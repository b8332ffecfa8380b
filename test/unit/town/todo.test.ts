import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type BeadSource } from '../../../src/town/bead.ts';
import type { BeadId } from '../../../src/town/ids.ts';
import { findSlungBead, findTodo, sameTodo } from '../../../src/town/todo.ts';
import { Scene } from './scene.ts';
import { busyMs } from '../busyMs.ts';

type TodoSource = Extract<BeadSource, { kind: 'todo' }>;
const source = (text: string, line = 1, file = 'src/a.js'): TodoSource => ({
  kind: 'todo',
  file,
  line,
  symbol: null,
  text,
});

describe('a TODO in a line', () => {
  const cases: readonly (readonly [string, string | null, string?])[] = [
    ['// TODO: parse weeks', 'TODO', 'parse weeks'],
    ['  # FIXME(kim): off by one  ', 'FIXME', 'off by one'],
    ['/* HACK - until v2 */ run();', 'HACK', 'until v2'],
    ['<!-- TODO write this -->', 'TODO', 'write this'],
    ['x(); // TODO', 'TODO', ''],
    ['TODO', 'TODO', ''],
    ['const TODOS = []', null],
    ['const to_TODO = 1', null],
    ['$TODO', null],
    ['todo: lower case is prose', null],
    ['', null],
  ];
  for (const [line, tag, text] of cases) {
    it(`is ${tag === null ? 'not found' : `found with its text`} in “${line}”`, () => {
      const found = findTodo(line);
      assert.deepEqual([found?.tag ?? null, found?.text], [tag, text]);
    });
  }

  it('is underlined from its tag to the end of its text', () => {
    const line = 'a(); /* TODO(me): tidy up */ b();';
    const found = findTodo(line);
    assert.equal(line.slice(found?.startColumn, found?.endColumn), 'TODO(me): tidy up');
  });

  it('may have other tags, and strange ones are no pattern', () => {
    assert.equal(findTodo('// XXX why', ['XXX'])?.text, 'why');
    assert.equal(findTodo('// TODO why', ['XXX']), null);
    assert.equal(findTodo('// TODO why', ['.*', '(']), null);
  });

  it('is looked for in any line, in little time, and only in its beginning when it is very long', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), (text, at) => {
        const line = `${' '.repeat(at)}TODO${text}`;
        const found = findTodo(line);
        if (found === null) return;
        assert.ok(
          found.startColumn >= at && found.endColumn <= line.length && found.endColumn >= found.startColumn,
        );
        assert.ok(line.includes(found.text));
      }),
    );
    assert.equal(findTodo(`${'x '.repeat(5_000)}TODO late`), null);
    assert.equal(findTodo(`TODO ${'y'.repeat(5_000)}`)?.text.length, 200);
    for (const hostile of ['TODO('.repeat(200_000), 'TODO '.repeat(200_000), '('.repeat(1_000_000)])
      assert.ok(busyMs(() => findTodo(hostile)) < 500);
  });
});

describe('the same TODO', () => {
  const slung = { source: source('Parse  weeks', 10) };

  it('is known again when its line moved or its spaces changed', () => {
    assert.ok(sameTodo(source('parse weeks', 99), slung));
    assert.ok(sameTodo(source('parse weeks', 10, '.\\src\\a.js'), slung));
  });

  it('is another one in another file or with other words', () => {
    assert.ok(!sameTodo(source('parse weeks', 10, 'src/b.js'), slung));
    assert.ok(!sameTodo(source('parse days', 10), slung));
    assert.ok(!sameTodo(source('parse weeks', 10), { source: { kind: 'goal' } }));
  });

  it('without words is told apart by its line', () => {
    assert.ok(sameTodo(source('', 3), { source: source('', 3) }));
    assert.ok(!sameTodo(source('', 3), { source: source('', 4) }));
  });

  it('finds the open bead it was slung as, and none once that has ended', () => {
    const town = new Scene();
    const [bead] = town.convoy([{ source: source('parse weeks') }, { source: source('parse days') }]) as [
      BeadId,
    ];
    assert.equal(findSlungBead(town.state, source('parse weeks', 50))?.id, bead);
    town.tell({ type: 'cancelBead', bead });
    assert.equal(findSlungBead(town.state, source('parse weeks', 50)), null);
  });
});
