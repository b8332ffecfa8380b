/** Answers that are remembered; who asks again after so many others never heard of a retry. */
const remembered = 1_000;

/**
 * Does something at most once for each id: said again, also while the first is under way, it gets the first one's
 * answer. A failure is not remembered.
 */
export function onceEach<T, R>(work: (of: T) => Promise<R>): (id: string, of: T) => Promise<R> {
  const answers = new Map<string, Promise<R>>();
  return (id, of) => {
    const known = answers.get(id);
    if (known !== undefined) return known;
    const answer = work(of).catch((error: unknown) => {
      answers.delete(id);
      throw error;
    });
    answers.set(id, answer);
    const [oldest] = answers.keys();
    if (answers.size > remembered && oldest !== undefined) answers.delete(oldest);
    return answer;
  };
}
