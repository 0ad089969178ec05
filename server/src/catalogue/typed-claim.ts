// What a price is worth is computed and shown beside it (claim.ts). A figure that somebody types stays when the price
// changes, and says what the buyer hears in it: 八折 is 20 % less, 买一送一 is no 折 at all.
const NUMERAL = '[0-9零〇一二三四五六七八九十百两半]+([.点][0-9零〇一二三四五六七八九]+)?';
const CHINESE = new RegExp(`${NUMERAL}(折|倍|%|‰)|百分之${NUMERAL}|半价`);
const ENGLISH =
  /\d+([.,]\d+)?(%| ?(percent|per cent|times|fold)\b| ?x\b|-fold\b)|\bhalf[- ](price|off)\b/i;
/** Of what a thing consists of. */
const WHOLE = /(?<![0-9.])100 ?%/g;

/** The first claim of a discount or a multiple in a text, or undefined. */
export function typedClaimIn(text: string): string | undefined {
  const plain = text.normalize('NFKC').replace(WHOLE, '');
  return CHINESE.exec(plain.replace(/\s+/g, ''))?.[0] ?? ENGLISH.exec(plain)?.[0];
}
