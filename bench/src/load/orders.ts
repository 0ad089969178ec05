import { below, makeLine, TENDERS } from './rules.ts';

const LINES_MAX = 4;

/** What a till tells of an order of one to four lines, paid now. */
export function orderTold(
  {
    member,
    merchant,
    orderNo,
  }: { readonly member: string; readonly merchant: string; readonly orderNo: string },
  random: () => number,
): string {
  const lines = Array.from({ length: 1 + below(random, LINES_MAX) }, (_, index) => {
    const { greenCertificate, green: _green, ...line } = makeLine(index + 1, random);
    return greenCertificate === null ? line : { ...line, greenCertificate };
  });
  return JSON.stringify({
    merchantId: merchant,
    memberId: member,
    orderNo,
    paidAt: new Date().toISOString(),
    channel: 'till',
    tenders: [TENDERS[below(random, TENDERS.length)]],
    lines,
  });
}
