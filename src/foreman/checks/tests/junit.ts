import { FailedNames, type TestReader } from './results.ts';

/** Bounded everywhere: an output of unclosed quotes must not be read again from each of them. */
const attributes = String.raw`(?:\s{1,200}[\w:.-]{1,100}=(?:"[^"]{0,20000}"|'[^']{0,20000}'))`;
const testcase = new RegExp(String.raw`<testcase(${attributes}{0,50})\s{0,200}(/?)>`, 'g');

/** JUnit's XML as node:test, mocha, pytest, gradle and others print it; one that lies in a file is not read. */
export const readJunit: TestReader = (lines) => {
  const begin = lines.findIndex((line) => line.includes('<testsuite'));
  if (begin < 0) return null;
  const xml = lines.slice(begin).join('\n');
  const cases = [...xml.matchAll(testcase)];
  if (cases.length === 0) return null;
  const failed = new FailedNames();
  let passed = 0;
  for (const [index, found] of cases.entries()) {
    const [whole, said = '', closed] = found;
    const end = cases[index + 1]?.index ?? xml.length;
    const body = closed === '/' ? '' : upTo(xml.slice(found.index + whole.length, end), '</testcase>');
    if (/<(?:failure|error)[\s/>]/.test(body))
      failed.add(attribute(said, 'classname'), attribute(said, 'name'));
    else if (!/<skipped[\s/>]/.test(body)) passed += 1;
  }
  return { failed: failed.list, passed };
};

function upTo(text: string, end: string): string {
  const at = text.indexOf(end);
  return at < 0 ? text : text.slice(0, at);
}

function attribute(said: string, name: string): string {
  const found = new RegExp(String.raw`\s${name}=(?:"([^"]*)"|'([^']*)')`).exec(said);
  return (found?.[1] ?? found?.[2] ?? '').replaceAll(/&(#x?)?(\w{1,8});/g, character);
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function character(whole: string, kind: string | undefined, code: string): string {
  if (kind === undefined) return Object.hasOwn(named, code) ? (named[code] ?? whole) : whole;
  const point = Number.parseInt(code, kind === '#x' ? 16 : 10);
  return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole;
}
