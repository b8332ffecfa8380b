/** One mocha suite in a process of its own: `mochaMain.ts <folder> <tally file> <timeout ms> [grep]`. */
import { testFiles } from './testFiles.ts';
import { runMocha } from './mochaRun.ts';

const [folder = '', tallyFile = '', timeoutMs = '', grep] = process.argv.slice(2);
const { failed } = await runMocha({
  files: await testFiles(folder),
  tallyFile,
  timeoutMs: Number(timeoutMs),
  grep,
});
// Not left to the event loop: a handle that a test forgot must not keep the bench waiting.
process.exit(failed === 0 ? 0 : 1);
