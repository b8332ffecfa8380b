/** A record without some of its members; the same one when it has none of them. */
export function without<Id extends string, Noun>(
  record: Readonly<Record<Id, Noun>>,
  ids: readonly Id[],
): Readonly<Record<Id, Noun>> {
  const gone = ids.filter((id) => Object.hasOwn(record, id));
  if (gone.length === 0) return record;
  const rest = { ...record };
  for (const id of gone) Reflect.deleteProperty(rest, id);
  return rest;
}
