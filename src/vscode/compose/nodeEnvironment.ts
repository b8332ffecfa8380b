/** On a desktop the host's program is the editor itself, which must be told to be a Node. */
export function nodeEnvironment(): Readonly<Record<string, string>> {
  return process.versions['electron'] === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' };
}
