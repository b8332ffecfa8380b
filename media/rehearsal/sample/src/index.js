export { formatDay, parseDay } from './calendar.js';
export { describeRule } from './describe.js';
export { formatDuration, parseDuration } from './duration.js';
export { AlmanacError } from './errors.js';
export { occurrences } from './occurrences.js';
export { parseRule } from './rule.js';
export { formatTable } from './table.js';
