/** What happened in one seed, or in many. */
export interface Tally {
  seeds: number;
  steps: number;
  agents: number;
  crashes: number;
  powerCuts: number;
  openings: number;
  takeovers: number;
  /** Windows that were refused because another one owns the rig. */
  refusedOwners: number;
  /** Owners that learned that there is a later one, and changed nothing. */
  fenced: number;
  /** Reports under an old token, refused. */
  lateReports: number;
  fileFaults: number;
  failedCalls: number;
  landings: number;
}

export function emptyTally(): Tally {
  return {
    seeds: 0,
    steps: 0,
    agents: 0,
    crashes: 0,
    powerCuts: 0,
    openings: 0,
    takeovers: 0,
    refusedOwners: 0,
    fenced: 0,
    lateReports: 0,
    fileFaults: 0,
    failedCalls: 0,
    landings: 0,
  };
}

export function add(sum: Tally, one: Tally): void {
  for (const name of Object.keys(sum) as (keyof Tally)[]) sum[name] += one[name];
}

/** One line for people. */
export function figures(sum: Tally, seconds: number): string {
  const parts: readonly (readonly [number, string])[] = [
    [sum.seeds, 'seeds'],
    [sum.steps, 'steps'],
    [sum.agents, 'agents'],
    [sum.landings, 'landings'],
    [sum.crashes, 'crashes'],
    [sum.powerCuts, 'power cuts'],
    [sum.openings, 'openings'],
    [sum.takeovers, 'takeovers'],
    [sum.refusedOwners, 'owners refused'],
    [sum.fenced, 'former owners fenced'],
    [sum.lateReports, 'late reports refused'],
    [sum.fileFaults, 'file faults'],
    [sum.failedCalls, 'failed calls'],
  ];
  const rate = `${(sum.seeds / seconds).toFixed(1)} seeds/s in ${seconds.toFixed(0)} s`;
  return `${parts.map(([count, what]) => `${String(count)} ${what}`).join(', ')}: ${rate}`;
}
