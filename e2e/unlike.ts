const ID = /^([a-z]+)_[0-7][0-9a-hjkmnp-tv-z]{25}$/;
const INSTANT = /\d{4}-\d\d-\d\dT[\d:.]*Z/g;
const CLOSE_MS = 120_000;

/**
 * Where an answer differs from what a dry run said it would be: ids of one kind are alike, and times that pass between the
 * two. With `more` the answer may have what nobody can know before, where the dry run had nothing or null.
 */
export function unlike(said: unknown, done: unknown, more: boolean, at = ''): string[] {
  if (typeof said === 'string' && typeof done === 'string') {
    const kind = ID.exec(said)?.[1];
    const isAlike =
      said === done || (kind !== undefined && kind === ID.exec(done)?.[1]) || areClose(said, done);
    return isAlike ? [] : [`${at}: ${said} ≠ ${done}`];
  }
  if (more && said === null) return [];
  const areObjects = [said, done].every((each) => each !== null && typeof each === 'object');
  if (!areObjects || Array.isArray(said) !== Array.isArray(done))
    return said === done ? [] : [`${at}: ${JSON.stringify(said)} ≠ ${JSON.stringify(done)}`];
  const [left, right] = [said as Record<string, unknown>, done as Record<string, unknown>];
  const names = new Set([...Object.keys(left), ...(more ? [] : Object.keys(right))]);
  if (Array.isArray(said)) names.add('length');
  return [...names].flatMap((name) => unlike(left[name], right[name], more, `${at}/${name}`));
}

/** Texts that differ by the times in them alone. */
function areClose(said: string, done: string): boolean {
  if (said.replaceAll(INSTANT, '') !== done.replaceAll(INSTANT, '')) return false;
  const [before, after] = [said, done].map((text) => text.match(INSTANT) ?? []);
  return (before ?? []).every(
    (each, place) => Math.abs(Date.parse(each) - Date.parse(after?.[place] ?? '')) < CLOSE_MS,
  );
}
