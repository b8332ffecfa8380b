import type { Vendor, VendorSettings } from './vendor.ts';

/**
 * Why an agent is not started whose arguments let it do everything, while its mode does not: the mode is asked about once,
 * and arguments are not. Null when nothing speaks against it.
 */
export function unconfirmedBypass(
  { name, section, bypasses }: Pick<Vendor, 'name' | 'section' | 'bypasses'>,
  { args, mode }: Pick<VendorSettings, 'args' | 'mode'>,
): string | null {
  if (mode === 'bypass' || !bypasses(args)) return null;
  const [itsArgs, itsMode] = section === null ? ['args', 'mode'] : [`${section}.args`, `${section}.mode`];
  return (
    `The arguments in "${itsArgs}" would have ${name} act without asking, and its mode is "${mode}". ` +
    `Take them out, or set "${itsMode}" to "bypass", which you confirm once.`
  );
}
