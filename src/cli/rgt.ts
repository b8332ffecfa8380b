/** The second seed's words → ours. What is the same in both is not listed. */
const spellings: Readonly<Record<string, string>> = {
  'work create': 'bead create',
  'work list': 'bead list',
  'work show': 'bead show',
  'polecat list': 'sessions',
  'polecat status': 'sessions',
  'agents list': 'sessions',
  'agents show': 'sessions',
  'agents status': 'sessions',
  'mq status': 'mq list',
  'mq remove': 'mq eject',
  'session list': 'sessions',
  'session show': 'sessions',
  'session status': 'sessions',
};

export const rgtSpellings = Object.keys(spellings);

/** A command line of `rgt` as one of `rigs`. */
export function fromRgt(argv: readonly string[]): readonly string[] {
  const [first = '', second = '', ...rest] = argv;
  const words = `${first} ${second}`;
  const ours = Object.hasOwn(spellings, words) ? spellings[words] : undefined;
  if (ours !== undefined) return [...ours.split(' '), ...rest];
  return argv;
}
