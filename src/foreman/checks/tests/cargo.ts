import { FailedNames, type TestReader, countOf } from './results.ts';

const told = /^test (.+?)(?: - should panic)? \.\.\. FAILED$/;

/**
 * `cargo test` (measured with 1.95). The binary a test is in is not part of its name: cargo tells it on the other
 * stream, so that it may come before or after. What a test prints can stand in the middle of its own line, therefore
 * the list below `failures:` counts as well.
 */
export const readCargo: TestReader = (lines) => {
  if (!lines.some((line) => /^test result: (?:ok|FAILED)\. \d+ passed/.test(line))) return null;
  const failed = new FailedNames();
  let passed = 0;
  let listing = false;
  for (const line of lines) {
    if (line.startsWith('test result: ')) passed += countOf(line, 'passed');
    const name = told.exec(line)?.[1];
    if (name !== undefined) failed.add(name);
    if (line === 'failures:') listing = true;
    else if (listing && line.startsWith('    ')) failed.add(line.trim());
    else listing = false;
  }
  return { failed: failed.list, passed };
};
