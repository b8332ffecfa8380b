/** Whether it is aborted by now: asked anew each time, for what is aborted while something is waited for. */
export function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}
