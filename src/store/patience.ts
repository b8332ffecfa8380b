/** How long a window that hosts agents is waited for, counted from when it was first seen gone: it may be reloading. */
export const graceMs = 20_000;
/**
 * How long who cannot be seen (another container or machine), or does not come on, stands still until it counts as
 * gone, on the observer's own monotonic clock.
 */
export const silenceMs = 60_000;
