/** Reasons by place in the file, kept in some five bytes each; places are noted in ascending order. */
export interface PlaceLog<R extends string> {
  note(place: number, reason: R): void;
  /** Looks reasons up for places asked in ascending order. */
  reader(): (place: number) => R | undefined;
}

const FIRST_SIZE = 1024;

export function createPlaceLog<R extends string>(): PlaceLog<R> {
  const reasons: R[] = [];
  let places = new Uint32Array(FIRST_SIZE);
  let codes = new Uint8Array(FIRST_SIZE);
  let count = 0;
  return {
    note(place, reason) {
      let code = reasons.indexOf(reason);
      if (code === -1) code = reasons.push(reason) - 1;
      if (count === places.length) {
        const largerPlaces = new Uint32Array(count * 2);
        const largerCodes = new Uint8Array(count * 2);
        largerPlaces.set(places);
        largerCodes.set(codes);
        places = largerPlaces;
        codes = largerCodes;
      }
      places[count] = place;
      codes[count] = code;
      count += 1;
    },
    reader() {
      let at = 0;
      return (place) => {
        while (at < count && (places[at] ?? 0) < place) at += 1;
        return at < count && places[at] === place ? reasons[codes[at] ?? 0] : undefined;
      };
    },
  };
}
