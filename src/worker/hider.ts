/** Shorter ones occur in ordinary words. */
const shortest = 8;

/** Takes secrets out of plain data: what is known to be one reaches no terminal and no file, whoever says it. */
export function hider(secrets: readonly string[]): <T>(value: T) => T {
  const known = secrets.filter((secret) => secret.length >= shortest);
  const hide = (_key: string, value: unknown): unknown =>
    typeof value === 'string'
      ? known.reduce((text, secret) => text.replaceAll(secret, '[secret]'), value)
      : value;
  return <T>(value: T): T => JSON.parse(JSON.stringify(value), hide) as T;
}
