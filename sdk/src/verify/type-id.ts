const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
const LENGTH = 26;

/**
 * The id by which the API knows what a leaf names by its UUID: `typeId('mem', leaf.member)`. 128 bits in 26 digits of
 * Crockford's base 32, behind the prefix of their kind (TypeID 0.3).
 */
export function typeId(prefix: string, uuid: string): string {
  let rest = BigInt(`0x${uuid.replaceAll('-', '')}`);
  let digits = '';
  for (let place = 0; place < LENGTH; place += 1) {
    digits = `${DIGITS[Number(rest & 31n)]}${digits}`;
    rest >>= 5n;
  }
  return `${prefix}_${digits}`;
}
