/**
 * `npm run sentences` writes `l10n/bundle.l10n.json`: every English sentence that the sources hand to a translator, for whoever translates
 * Rigs. `--check` only says whether it is up to date. Words reach translators as `t('…')`, `x.t('…')` and
 * `translate('…')`, which the editor's own collector does not know.
 */
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';

const root = join(import.meta.dirname, '..', '..');
const sources = join(root, 'src');
const bundle = join(root, 'l10n', 'bundle.l10n.json');
const translators = new Set(['t', 'translate']);

function collect(node, found) {
  if (ts.isCallExpression(node)) {
    const { expression } = node;
    const called = ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText?.();
    const [first] = node.arguments;
    if (translators.has(called) && first !== undefined && ts.isStringLiteralLike(first))
      found.add(first.text);
  }
  ts.forEachChild(node, (child) => collect(child, found));
}

const found = new Set();
for (const name of await readdir(sources, { recursive: true })) {
  if (!name.endsWith('.ts')) continue;
  const text = await readFile(join(sources, name), 'utf8');
  collect(ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true), found);
}
const written = `${JSON.stringify(Object.fromEntries([...found].sort().map((one) => [one, one])), null, 2)}\n`;
if (process.argv.includes('--check')) {
  const same = (await readFile(bundle, 'utf8').catch(() => '')) === written;
  if (!same) console.error('l10n/bundle.l10n.json is out of date: npm run sentences');
  process.exitCode = same ? 0 : 1;
} else {
  await writeFile(bundle, written);
  console.log(`  ${String(found.size)} sentences`);
}
