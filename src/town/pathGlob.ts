/**
 * Whether exactly this file is meant: `*` and `?` stand for anything within a name, `**` for any folders, and one without
 * any of them for the file or all that lies in the folder of that name. Case counts. Unlike `overlap.ts`, which asks what
 * may be, it never says yes to what is not.
 */
export function matchesPath(glob: string, file: string): boolean {
  if (!/[*?]/.test(glob)) return file === glob || file.startsWith(`${glob}/`);
  const pattern = glob.split('/');
  const last = pattern.length - 1;
  // Also where folders may be none; a last `**` stands for what lies below, not for the folder itself.
  const from = (place: number): readonly number[] =>
    pattern[place] === '**' && place < last ? [place, ...from(place + 1)] : [place];
  let places = new Set(from(0));
  for (const part of file.split('/')) {
    const next = new Set<number>();
    for (const place of places) {
      const wanted = pattern[place];
      if (wanted === undefined) continue;
      if (wanted === '**') for (const one of from(place)) next.add(one);
      if (wanted === '**' ? place === last : matchesName(wanted, part))
        for (const one of from(place + 1)) next.add(one);
    }
    places = next;
  }
  return places.has(pattern.length);
}

/** Each `*` as short as it can be, and longer where what follows needs it: no more steps than one length by the other. */
function matchesName(pattern: string, name: string): boolean {
  let [at, here, star, since] = [0, 0, -1, 0];
  while (here < name.length) {
    if (pattern[at] === '*') {
      star = at;
      since = here;
      at += 1;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === name[here])) {
      at += 1;
      here += 1;
    } else if (star >= 0) {
      at = star + 1;
      since += 1;
      here = since;
    } else return false;
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}
