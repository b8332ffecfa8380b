/** How the tests of a language are told from its other code. */
export interface TestLanguage {
  /** Of files, by the end of their names. */
  readonly ending: RegExp;
  /** A file's whole path, in small letters, where tests have files of their own. Null: they stand beside the code. */
  readonly file: RegExp | null;
  /** A line that begins a test. */
  readonly declares: RegExp;
  /** A line that keeps tests from running or from counting. */
  readonly skips: RegExp;
}

/** `test/`, `__tests__/` and their like hold helpers as well; a file that is named as a test is one for sure. */
export const testFolder = /(?:^|\/)(?:__tests__|tests?|specs?|e2e)\//;

const jsCall = String.raw`(?:it|test|describe|context|suite|specify)`;

export const testLanguages: readonly TestLanguage[] = [
  {
    ending: /\.(?:[cm]?[jt]sx?|vue|svelte)$/,
    file: /[._-](?:test|tests|spec|specs|e2e|cy)\.[^/]+$|(?:^|\/)tests?\.[cm]?[jt]sx?$/,
    declares: new RegExp(String.raw`^\s*(?:await\s+)?(?:\w{1,20}\.)?${jsCall}(?:\.\w{1,20}){0,3}\s*[(\x60]`),
    skips: new RegExp(
      [
        String.raw`\b${jsCall}(?:\.\w{1,20}){0,3}\.(?:skip|skipIf|runIf|todo|fixme|fail|fails|failing|only)\b`,
        String.raw`\b(?:x(?:it|test|describe|context|specify)|f(?:it|describe|context))\s*(?:\.\w{1,20})?[(\x60]`,
        String.raw`\b(?:this|t|ctx|context)\.(?:skip|todo)\s*\(`,
        // As an option of a test; data of the code under test may have such names as well.
        String.raw`\b${jsCall}\s*\(.{1,500}?[{,]\s*(?:skip|todo|only)\s*:\s*(?!false\b|undefined\b)\S`,
        String.raw`^\s*\{?\s*(?:skip|todo|only)\s*:\s*true\b`,
      ].join('|'),
    ),
  },
  {
    ending: /\.pyi?$/,
    file: /(?:^|\/)(?:test_[^/]*|[^/]*_tests?|tests?)\.py$/,
    declares: /^\s*(?:async\s+)?def\s+test\w*\s*\(/,
    skips:
      /\bmark\.(?:skip|skipif|xfail)\b|\bpytest\.(?:skip|xfail|importorskip)\b|@(?:unittest\.)?(?:skip|skipIf|skipUnless|expectedFailure)\b|\bskipTest\s*\(|\bSkipTest\b|\b__test__\s*=\s*False\b|\bcollect_ignore\w*\s*=/,
  },
  {
    ending: /\.go$/,
    file: /_test\.go$/,
    declares: /^\s*(?:func\s+(?:Test|Fuzz|Example)\w*\s*\(|\w{1,20}\.Run\s*\()/,
    skips: /\.Skip(?:f|Now)?\s*\(|^\s*\/\/(?:go:build|\s*\+build)\b/,
  },
  {
    ending: /\.rs$/,
    file: null,
    declares: /^\s*#\[(?:\w{1,40}::){0,3}test\b/,
    skips: /#\[\s*ignore\b|#\[cfg_attr\(.*\bignore\b/,
  },
  {
    ending: /\.(?:java|kts?|groovy|scala)$/,
    file: /(?:tests?|spec|it)\.(?:java|kts?|groovy|scala)$/,
    declares: /^\s*@(?:Test|ParameterizedTest|RepeatedTest|TestFactory)\b|^\s*(?:test|it)\s*\(\s*"/,
    skips:
      /@(?:Disabled|Ignore|Ignored)\w*\b|\bassum(?:e|ing)\w*\s*\(|\benabled\s*=\s*false\b|^\s*ignore\s*\(/,
  },
  {
    ending: /\.(?:cs|fs|vb)$/,
    file: /tests?\.(?:cs|fs|vb)$/,
    declares: /^\s*\[<?(?:Fact|Theory|Test|TestMethod|TestCase|DataTestMethod)\b/,
    skips: /\bSkip\s*=\s*["@$\w]|\[<?(?:Ignore|Explicit)\b|\bAssert\.(?:Ignore|Inconclusive)\b/,
  },
  {
    ending: /\.rb$/,
    file: /_(?:test|spec)\.rb$|(?:^|\/)test_[^/]*\.rb$/,
    declares:
      /^\s*(?:it|specify|test|describe|context|scenario)\s*[('"]|^\s*(?:it|specify|test|scenario)\s+["']|^\s*def\s+test_/,
    skips:
      /^\s*(?:skip|pending|x(?:it|describe|context|specify)|f(?:it|describe|context))\b|,\s*:?(?:skip|pending)\b/,
  },
  {
    ending: /\.php$/,
    file: /test\.php$/,
    declares: /\bfunction\s+test\w*\s*\(|^\s*(?:it|test)\s*\(|#\[Test\b|@test\b/,
    skips: /\bmarkTest(?:Skipped|Incomplete)\b|->(?:skip|todo|only)\s*\(|@group\s+skip\b/,
  },
  {
    ending: /\.swift$/,
    file: /tests?\.swift$/,
    declares: /^\s*(?:@Test\b|func\s+test\w*\s*\()/,
    skips: /\bXCTSkip|\bXCTExpectFailure\b|\.disabled\s*\(|\bfunc\s+disabled_?test/i,
  },
  {
    ending: /\.exs?$/,
    file: /_test\.exs$/,
    declares: /^\s*(?:test|describe|property)\s+"/,
    skips: /@(?:module|describe)?tag\s+:?(?:skip|pending)\b|ExUnit\.configure\b.*\bexclude\b/,
  },
  {
    ending: /\.(?:c|cc|cpp|cxx|h|hpp)$/,
    file: /[_-]?tests?\.(?:c|cc|cpp|cxx)$/,
    declares: /^\s*(?:TYPED_)?TEST(?:_[FP]|_CASE)?\s*\(/,
    skips: /\bGTEST_SKIP\b|\bDISABLED_|\bSKIP\s*\(|doctest::skip\b/,
  },
  {
    ending: /\.dart$/,
    file: /_test\.dart$/,
    declares: /^\s*(?:test|testWidgets|group)\s*\(/,
    skips: /\bskip\s*:\s*(?!false\b)\S|@Skip\b/,
  },
  {
    ending: /\.(?:bats|sh)$/,
    file: /\.bats$|[._-]tests?\.sh$/,
    declares: /^\s*@test\s|^\s*(?:function\s+)?test_?\w*\s*\(\)/,
    skips: /^\s*skip\b/,
  },
];
