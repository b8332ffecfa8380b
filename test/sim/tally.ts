/** What happened in one seed, or in many. */
export interface Tally {
  seeds: number;
  steps: number;
  agents: number;
  crashes: number;
  powerCuts: number;
  openings: number;
  takeovers: number;
  /** Times an owner was refused because there is one, or there is a later one. */
  refusedOwners: number;
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
    lateReports: 0,
    fileFaults: 0,
    failedCalls: 0,
    landings: 0,
  };
}

export function add(sum: Tally, one: Tally): void {
  for (const name of Object.keys(sum) as (keyof Tally)[]) sum[name] += one[name];
}
