import * as v from 'valibot';
import { innermost } from './goTest.ts';
import { FailedNames, type TestReader } from './results.ts';

/** What `go doc test2json` promises of a line. */
const event = v.object({ Action: v.string(), Package: v.string(), Test: v.optional(v.string()) });

/** `go test -json`: one object a line, of several packages in turn. */
export const readGoJson: TestReader = (lines) => {
  const events = lines.filter((line) => line.startsWith('{"')).flatMap(eventIn);
  if (!events.some(({ Action }) => Action === 'start' || Action === 'run')) return null;
  const failed = new FailedNames();
  const open = new Map<string, string[]>();
  let passed = 0;
  for (const { Action, Package, Test } of events) {
    const names = open.get(Package) ?? [];
    open.set(Package, names);
    if (Action === 'pass' && Test !== undefined) passed += 1;
    if (Action === 'fail' && Test !== undefined && names.length < 200) names.push(Test);
    if (Action === 'fail' && Test === undefined) for (const one of innermost(names)) failed.add(Package, one);
    if (Action === 'fail' && Test === undefined) open.delete(Package);
  }
  // Of packages whose end was cut away.
  for (const [name, names] of open)
    if (names.length > 0) for (const one of innermost(names)) failed.add(name, one);
  return { failed: failed.list, passed };
};

function eventIn(line: string): readonly v.InferOutput<typeof event>[] {
  // Most lines carry output, which may be anything.
  if (line.includes('"Action":"output"')) return [];
  try {
    const parsed = v.safeParse(event, JSON.parse(line));
    return parsed.success ? [parsed.output] : [];
  } catch {
    // A line of a program under test that only looks like one, or that was cut: it tells nothing.
    return [];
  }
}
