/**
 * Prints the milliseconds that `require` of a bundle takes in this fresh process: `requireTime.ts <bundle>`. `vscode`
 * exists only in an extension host; here everything in it is one thing that can be called, constructed and extended.
 */
import Module, { createRequire } from 'node:module';

function nothing(this: unknown): void {
  // Stands for every class and function of the editor.
}
const shape: unknown = nothing.prototype;
const vscode: unknown = new Proxy(nothing, {
  get: (_target, key) => (key === 'prototype' ? shape : vscode),
  apply: () => vscode,
});

const loading = Module as unknown as { _load: (request: string, ...others: unknown[]) => unknown };
const load = loading._load;
loading._load = (request, ...others) =>
  request === 'vscode' ? vscode : load.call(Module, request, ...others);

const [bundle = ''] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const start = performance.now();
const entry = require(bundle) as { readonly activate?: unknown };
const ms = performance.now() - start;
if (typeof entry.activate !== 'function') throw new Error(`${bundle} is no extension`);
process.stdout.write(String(ms), () => process.exit(0));
