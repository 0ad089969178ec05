/** Hands things to those responsible for them, and gathers the answers in the order of the things. */
export async function scatter<T, Answered>(
  things: readonly T[],
  responsible: (thing: T) => number,
  hand: (to: number, those: T[]) => Promise<Answered[]>,
): Promise<Answered[]> {
  if (things.length === 1) return hand(responsible(things[0] as T), [things[0] as T]);
  const groups = new Map<number, { those: T[]; places: number[] }>();
  for (let place = 0; place < things.length; place += 1) {
    const thing = things[place] as T;
    const to = responsible(thing);
    let group = groups.get(to);
    if (group === undefined) {
      group = { those: [], places: [] };
      groups.set(to, group);
    }
    group.those.push(thing);
    group.places.push(place);
  }
  const answers = new Array<Answered>(things.length);
  const gather = async (to: number, those: T[], places: number[]): Promise<void> => {
    const given = await hand(to, those);
    for (let index = 0; index < places.length; index += 1)
      answers[places[index] as number] = given[index] as Answered;
  };
  await Promise.all(Array.from(groups, ([to, { those, places }]) => gather(to, those, places)));
  return answers;
}
