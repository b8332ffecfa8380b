/** The walls of the house (architecture rules 1 and 2): which room may import which. */
const allowed = {
  town: [],
  ports: ['town'],
  // Small functions over the operating system (process identity, durable files, process trees); knows of ours what it
  // implements.
  system: ['ports/files', 'ports/host'],
  // What a person may configure, from wherever they say it.
  config: ['town', 'ports'],
  words: ['town', 'ports', 'config'],
  store: ['town', 'ports', 'system'],
  git: ['town', 'ports', 'system'],
  providers: ['town', 'ports', 'system'],
  assayer: ['town', 'ports', 'words'],
  foreman: ['town', 'ports', 'words', 'assayer', 'system'],
  gateway: ['town', 'ports', 'words', 'foreman', 'system'],
  // Where no window runs a rig, its memory is read (store/open as a reader) and can be made (store/home); git is asked
  // for one thing, the repository that `rigs init --git` makes.
  cli: [
    'gateway',
    'config',
    'words',
    'town',
    'ports',
    'system',
    'foreman/control',
    'store/home',
    'store/open',
    'git/makeRepository',
    // What it tells vendors' programs of itself.
    'providers/vendor',
  ],
  mcp: ['gateway', 'ports', 'town', 'words', 'system'],
  worker: ['ports', 'gateway', 'providers', 'town', 'system', 'words'],
  webview: ['vscode/messages'],
};
const rooms = Object.keys(allowed);
const roomRule = (room) => ({
  name: `${room}-imports`,
  comment: `${room}/ may import only: ${[room, ...allowed[room]].join(', ')} (src/README.md says why).`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: '^src/', pathNot: [`^src/${room}/`, ...allowed[room].map((name) => `^src/${name}`)] },
});
export default {
  forbidden: [
    ...rooms.map(roomRule),
    {
      name: 'rooms-are-named',
      comment:
        'A folder without a line above would have no walls. Give it one, and say in src/README.md what lives there.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/', pathNot: `^src/(vscode|${rooms.join('|')})/` },
    },
    {
      name: 'vscode-only-in-vscode',
      comment: 'What a room below needs from the editor comes through a port.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/vscode/' },
      to: { path: '^vscode$|/@types/vscode/' },
    },
    {
      name: 'town-is-pure',
      comment: 'The domain has no I/O, clock, ids or randomness of its own.',
      severity: 'error',
      from: { path: '^src/(town|ports|words)/' },
      to: { dependencyTypesNot: ['local', 'unknown'] },
    },
    {
      name: 'git-only-in-git',
      comment: 'Only git/ runs git.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/git/' },
      to: { path: '/simple-git/' },
    },
    {
      name: 'database-only-in-store',
      comment: 'Only store/ touches the database.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/store/' },
      to: { path: '/sql\\.js/' },
    },
    {
      name: 'toml-only-in-config',
      comment: 'Only config/ reads TOML; what it gives has places and is checked.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/config/' },
      to: { path: '/toml-eslint-parser/' },
    },
    {
      name: 'vendors-only-in-providers',
      comment: 'Only providers/ know vendors.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/providers/' },
      to: { path: '^node_modules/(@anthropic-ai|openai|@google/genai)/' },
    },
    {
      name: 'processes-where-named',
      comment:
        'Programs are started by git/, foreman/hands, worker/, providers/ (their servers), system/, cli/ to try out which program carries its calls, and nothing else.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(git|worker|providers|foreman|system|cli/rungs)' },
      to: { path: '^child_process$', dependencyTypes: ['core'] },
    },
    { name: 'no-cycles', severity: 'error', from: { path: '^src/' }, to: { circular: true } },
    { name: 'tests-stay-outside', severity: 'error', from: { path: '^src/' }, to: { path: '^test/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    // Not node_modules: what is excluded is not seen at all, and the rules above are about packages.
    exclude: { path: '^dist' },
  },
};
