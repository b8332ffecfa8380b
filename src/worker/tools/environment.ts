/** Names of what a command of the model's choice has no business with: ours, the editor's, and what looks like a key. */
const withheld = [
  /^(RIGS|VSCODE|ELECTRON)_/i,
  /^(SSH_AUTH_SOCK|SSH_AGENT_PID|GIT_ASKPASS|SSH_ASKPASS)$/i,
  /(API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL)/i,
];

/** The environment of commands that the model runs. */
export function commandEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !withheld.some((pattern) => pattern.test(name)));
  return Object.fromEntries(kept);
}
