/** Milliseconds of a core that something took. What else runs on the machine meanwhile does not count. */
export function busyMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
