import { parseArgs } from 'node:util';
import { formatDay, parseDay, weekdayOf, weekdays } from './calendar.js';
import { describeRule } from './describe.js';
import { AlmanacError } from './errors.js';
import { occurrences } from './occurrences.js';
import { parseRule } from './rule.js';
import { formatTable } from './table.js';
import { take } from './take.js';

const usage = `Usage:
  almanac next RULE [--start DATE] [--from DATE] [--count N]
  almanac describe RULE`;

const options = {
  start: { type: 'string' },
  from: { type: 'string' },
  count: { type: 'string', default: '5' },
};

const commands = {
  next: (rule, values, print) => {
    const dates = nextDates(parseRule(rule), values);
    // TODO: print JSON when --json is given
    print(formatTable(dates.map((date) => [date, weekdays[weekdayOf(parseDay(date))]])));
  },

  describe: (rule, _values, print) => {
    print(describeRule(parseRule(rule)));
  },
};

/** Runs one command line, printing its lines; returns the exit code: 0 done, 1 not understood, 2 no such command. */
export function run(args, print) {
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const [name = '', subject] = positionals;
    if (!Object.hasOwn(commands, name) || subject === undefined) {
      print(usage);
      return 2;
    }
    commands[name](subject, values, print);
    return 0;
  } catch (error) {
    if (!isMistake(error)) throw error;
    print(error.message);
    return 1;
  }
}

function nextDates(rule, { start = today(), from = start, count }) {
  if (!/^\d+$/.test(count)) throw new AlmanacError(`--count takes a number, not "${count}".`);
  return take(occurrences(rule, start, { from }), Number(count));
}

function today() {
  return formatDay(Math.floor(Date.now() / 86_400_000));
}

/** A mistake of the person who typed, as opposed to one of ours. */
function isMistake(error) {
  return error instanceof AlmanacError || String(error?.code).startsWith('ERR_PARSE_ARGS');
}
