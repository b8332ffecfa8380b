/** Asks again until there is an answer; a process is real and takes its time. Throws after `withinMs`. */
export async function until<T>(
  ask: () => T | Promise<T>,
  withinMs = 15_000,
): Promise<Exclude<T, null | undefined | false>> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== undefined && answer !== false)
      return answer as Exclude<T, null | undefined | false>;
    if (performance.now() > deadline)
      throw new Error(`nothing within ${String(withinMs)} ms: ${String(ask)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
