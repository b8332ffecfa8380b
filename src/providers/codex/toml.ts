/** A value as `-c key=value` wants it. A JSON string is a TOML string but for one character JSON leaves as it is. */
export type Toml = string | number | boolean | readonly Toml[] | { readonly [key: string]: Toml };

export function toml(value: Toml): string {
  if (typeof value === 'string') return tomlText(value);
  if (typeof value !== 'object') return String(value);
  if (isList(value)) return `[${value.map(toml).join(',')}]`;
  return `{${Object.entries(value)
    .map(([key, one]) => `${tomlText(key)}=${toml(one)}`)
    .join(',')}}`;
}

function tomlText(text: string): string {
  return JSON.stringify(text).replaceAll('\u007f', '\\u007f');
}

function isList(value: Toml): value is readonly Toml[] {
  return Array.isArray(value);
}
