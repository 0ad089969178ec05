/**
 * A phone number in E.164 (ITU-T E.164: `+`, then 8 to 15 digits), or undefined. Eleven digits starting
 * with 13 to 19 are a mainland mobile number; spaces, hyphens, dots and brackets between digits are
 * dropped, full-width digits read as digits, and `00` as `+`.
 */
export function normalisePhone(written: string): string | undefined {
  const plain = written.normalize('NFKC').replace(/[\s\-.()]/g, '');
  if (/^1[3-9]\d{9}$/.test(plain)) return `+86${plain}`;
  const international = plain.replace(/^00/, '+');
  if (/^\+86/.test(international))
    return /^\+86\d{8,12}$/.test(international) ? international : undefined;
  return /^\+[1-9]\d{7,14}$/.test(international) ? international : undefined;
}
