import { writeFile } from 'node:fs/promises';

/** What the bench gave a probe along, by name; throws when it did not. */
export function given(name: 'TOLD' | 'FOLDER'): string {
  const value = process.env[`RIGS_TEST_${name}`];
  if (value === undefined) throw new Error(`RIGS_TEST_${name} is not set`);
  return value;
}

/** Leaves what a probe measured where the bench looks for it. */
export async function tell(measured: object): Promise<void> {
  await writeFile(given('TOLD'), JSON.stringify(measured));
}
