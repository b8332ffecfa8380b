/** Says how long it takes to reach a date far from where a rule begins. */
import { occurrences, parseRule } from '../src/index.js';

const cases = [
  ['every day', '1970-01-01', '2470-01-01'],
  ['every 2 weeks on mon, fri', '1970-01-01', '2470-01-01'],
  ['every month on the 15th', '1970-01-01', '2470-01-01'],
];

for (const [text, start, from] of cases) {
  const rule = parseRule(text);
  const begun = performance.now();
  const { value } = occurrences(rule, start, { from }).next();
  const took = performance.now() - begun;
  console.log(`${text.padEnd(28)} ${value}  ${took.toFixed(2).padStart(8)} ms`);
}
