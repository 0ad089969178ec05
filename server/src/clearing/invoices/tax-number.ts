// GB 32100-2015: 17 characters and a check character; no I, O, S, V, Z.
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const LENGTH = 18;

/** Whether a text is a unified social credit code whose check character fits (GB 32100-2015, 4.2: weights 3ⁱ mod 31). */
export function isTaxNumber(text: string): boolean {
  if (text.length !== LENGTH) return false;
  let sum = 0;
  let weight = 1;
  for (const character of text.slice(0, LENGTH - 1)) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) return false;
    sum += value * weight;
    weight = (weight * 3) % 31;
  }
  return ALPHABET[(31 - (sum % 31)) % 31] === text[LENGTH - 1];
}
