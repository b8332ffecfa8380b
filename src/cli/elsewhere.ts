/**
 * Words of both seeds that do not stand here: what does the same job now, or in which form it comes. A key is a first
 * word, both words, or a verb with one of its flags.
 */
const answers: Readonly<Record<string, string>> = {
  install:
    'Nothing is to be set up: open the folder in VS Code. `rigs init` makes the rig’s memory beforehand.',
  start: 'Opening the folder in VS Code starts everything; `rigs foreman start` goes on after a stop.',
  stop: '`rigs foreman stop` stops the town. It stays stopped, also after a reload, until `rigs foreman start`.',
  up: 'Opening the folder in VS Code starts everything; `rigs foreman start` goes on after a stop.',
  down: '`rigs foreman stop` stops the town and ends its agents with their work kept.',
  worker:
    'No worker process is needed: the window that runs the rig does its work. One without a window comes later.',
  daemon:
    'No daemon is needed: the window that runs the rig does its work. One without a window comes later.',
  doctor:
    'A doctor comes later. `rigs provider list` says which agents can run and why not, `rigs status` the rest.',
  chat: 'Messages to agents come with the town’s mail. Until then use *Rigs: Message Polecat…* in VS Code, or type into the agent’s terminal.',
  mail: 'Mail comes with the town (mayor, crew, dogs). Until then use *Rigs: Message Polecat…* in VS Code; an agent hands over with `rigs handoff`.',
  escalate:
    'Escalation comes with the town. An agent that cannot go on says so in `rigs done --summary "…"`, and a person is asked.',
  unsling:
    'A bead that is not to be worked on is called off with `rigs bead cancel <id>`; `rigs convoy pause <id>` holds a whole convoy.',
  'mq submit':
    'An agent’s work enters by itself when it says `rigs done`; `rigs mq add <branch>` enters a branch of yours.',
  'mq next': '`rigs mq list` shows the queue in the order in which it is proven.',
  'mq reject': '`rigs mq eject <request>` takes one out; its bead stands still until you say how it goes on.',
  'mq land':
    'What is approved lands once it is proven: `rigs mq front <request>`, `rigs mq approve <request>`.',
  mol: 'Molecules (running formulas) come later, as `rigs mol status` and `rigs mol cancel`.',
  formula:
    'Formulas come later, as `rigs formula run` and `rigs formula list`. A plan does for now: `rigs goal plan`.',
  crew: 'Crew workspaces come later, as `rigs crew create`. A git worktree of your own in the rig does for now.',
  dog: 'Dogs come later, as `rigs dog create`.',
  dogs: 'Dogs come later, as `rigs dog create`.',
  gate: 'Gates come later, as `rigs gate create` and `rigs gate approve`. `rigs convoy pause` and `resume` hold work back now.',
  mayor: 'The mayor comes later. `rigs goal execute` plans and starts work now.',
  witness: 'The witness comes later. What stands still waits under *Needs You*; `rigs status` lists it.',
  molecule: 'Molecules (running formulas) come later, as `rigs mol status`.',
  config:
    '`rigs config show` says what is set and by whom. Settings are changed in VS Code, or in ~/.rigs/config.toml.',
  'work close': 'A bead completes when its proof landed; `rigs bead cancel <id>` calls it off.',
  'polecat kill': 'Close the agent’s terminal, or use *Kill Agent* in VS Code: its work is kept.',
  'rig dock': '`rigs rig park` keeps new work from starting.',
  'rig undock': '`rigs rig unpark` lets work start again.',
  'rig stop': '`rigs foreman stop` stops the rig around the current folder.',
  'rig boot': '`rigs foreman start` lets the rig go on.',
  'rig sync': 'Rigs fetches by itself before each start; nothing is to be synced.',
  'rig show': '`rigs rig status` shows a rig.',
  'foreman start --foreground':
    'The foreman runs in the window that owns the rig. One without a window comes later.',
  'foreman stop --kill': 'Stopping ends the agents too; their work is kept.',
  '-c': 'The window that runs the rig reads ~/.rigs/config.toml, or the file that RIGS_CONFIG names in its environment.',
  '--config':
    'The window that runs the rig reads ~/.rigs/config.toml, or the file that RIGS_CONFIG names in its environment.',
};

/** What to say about a command that is not here; null: nobody ever heard of it. */
export function elsewhere([first = '', second = '']: readonly string[]): string | null {
  const keys = [`${first} ${second}`.trim(), first];
  const key = keys.find((one) => one !== '' && Object.hasOwn(answers, one));
  return key === undefined ? null : (answers[key] ?? null);
}

/** For the test that holds the table against the verbs. */
export const elsewhereWords = Object.keys(answers);
