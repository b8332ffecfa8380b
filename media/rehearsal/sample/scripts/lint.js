/** Looks after the house style: short lines, no leftovers of debugging, a word about everything that is exported. */
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const widest = 120;

const lineRules = [
  { says: `is longer than ${widest} characters`, breaks: (line) => line.length > widest },
  { says: 'has a tab', breaks: (line) => line.includes('\t') },
  { says: 'ends with spaces', breaks: (line) => /\s$/.test(line) },
];

const sourceRules = [
  { says: 'prints; leave that to bin/', breaks: (line) => /\bconsole\./.test(line) },
  {
    says: 'exports something without a word about it',
    breaks: (line, before) => /^export (class|const|function)/.test(line) && !/(\*\/|^\/\/.*)$/.test(before),
  },
];

async function mistakesIn(folder, rules) {
  const names = (await readdir(path.join(root, folder))).filter((name) => /\.m?js$/.test(name));
  const found = await Promise.all(
    names.map(async (name) => {
      const file = path.join(folder, name);
      const text = await readFile(path.join(root, file), 'utf8');
      const lines = text.split('\n');
      const ending = text.endsWith('\n') ? [] : [`${file} does not end with a line break`];
      return ending.concat(
        lines.flatMap((line, index) =>
          rules
            .filter((rule) => rule.breaks(line, lines[index - 1] ?? ''))
            .map((rule) => `${file}:${index + 1} ${rule.says}`),
        ),
      );
    }),
  );
  return found.flat();
}

const mistakes = [
  ...(await mistakesIn('src', [...lineRules, ...sourceRules])),
  ...(await mistakesIn('test', lineRules)),
  ...(await mistakesIn('scripts', lineRules)),
];
for (const mistake of mistakes) console.error(mistake);
process.exitCode = mistakes.length === 0 ? 0 : 1;
