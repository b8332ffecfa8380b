import { FailedNames, type TestReader } from './results.ts';

/** `FAIL	package	0.1s`, `FAIL	package [build failed]`, `ok  	package	0.1s`. */
const packageLine = /^(FAIL|ok) *\t(\S+)/;
const testLine = /^ *--- (PASS|FAIL): (\S+) \([\d.]+s\)$/;
/** After `panic: test timed out` the tests that were still running. */
const running = /^\t((?:Test|Fuzz|Example)\S*) \(\d\S*\)$/;

/** `go test`, with and without `-v` (measured with Go 1.26): tests first, then the package they are of. */
export const readGoTest: TestReader = (lines) => {
  if (!lines.some((line) => packageLine.test(line))) return null;
  const failed = new FailedNames();
  let passed = 0;
  let names: string[] = [];
  for (const line of lines) {
    const [, outcome, test = ''] = testLine.exec(line) ?? [];
    if (outcome === 'PASS') passed += 1;
    const name = outcome === 'FAIL' ? test : running.exec(line)?.[1];
    if (name !== undefined && names.length < 200) names.push(name);
    const [, verdict, path = ''] = packageLine.exec(line) ?? [];
    if (verdict === 'FAIL') for (const one of innermost(names)) failed.add(path, one);
    if (verdict !== undefined) names = [];
  }
  return { failed: failed.list, passed };
};

/** A test fails with its subtests: `TestA` says nothing more than `TestA/one`. Without any the package itself failed. */
export function innermost(names: readonly string[]): readonly string[] {
  const inner = names.filter((one) => !names.some((other) => other.startsWith(`${one}/`)));
  return inner.length === 0 ? [''] : inner;
}
