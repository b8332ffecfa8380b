/** What a terminal would act on although nobody sees it; `plain.ts` leaves these out, JSON keeps them as escapes. */
const unseen =
  /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** For programs: exactly what is, in characters that do nothing on a terminal. */
export function json(value: unknown, indent = 2): string {
  return JSON.stringify(value, null, indent).replace(unseen, (one) =>
    Array.from({ length: one.length }, (_, at) => escaped(one.charCodeAt(at))).join(''),
  );
}

function escaped(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}
