import { equal } from 'node:assert/strict';
import { concerns } from '../../../src/town/concerns.ts';

describe('A check that is for some files', () => {
  const runs = (only: readonly string[], ...changed: readonly string[]): boolean =>
    concerns({ only }, changed);

  it('runs when one of them changed, and only then', () => {
    equal(runs(['src/**'], 'README.md', 'src/a/b.ts'), true);
    equal(runs(['src/**'], 'README.md', 'test/src/a.ts'), false);
    equal(runs(['*.json', 'src/*.{ts,js}'], 'src/a.js'), true);
    equal(runs(['*.json'], 'a/b.json'), false);
    equal(runs(['src'], 'src/deep/a.ts'), true);
    equal(runs(['src'], 'srcs/a.ts'), false);
    equal(runs(['src/**']), false);
  });

  it('runs when it is not known what changed, and always when it names no files', () => {
    equal(concerns({ only: ['src/**'] }, null), true);
    equal(concerns({}, []), true);
  });

  it('is not kept from running by a file that is named like a glob', () => {
    for (const file of ['src/[id].ts', 'src/{a,b}.ts', 'src/*.ts', 'src/a,b.ts', 'src/a\\b.ts', 'src/ [x'])
      equal(runs(['src/*'], file), true, file);
    equal(runs(['src/?????.ts'], 'src/[id]a.ts'), true);
    equal(runs(['pages/[id].ts'], 'pages/[id].ts'), true);
  });
});
