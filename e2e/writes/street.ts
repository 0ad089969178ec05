import type { Scene } from './scene.ts';

export const ACTOR = { actor: 'Li Lei' };
/** The beginning of a day by the clock of the programme. */
export const at = (day: string): string => `${day}T00:00:00+08:00`;

/** Merchants of a sandbox who settle with each other by the standard terms. It is the first of January 2027 there. */
export interface Street {
  readonly programme: string;
  readonly terms: ReturnType<typeof termsOf>;
  readonly issuer: string;
  readonly taker: string;
  readonly leaver: string;
  readonly stayer: string;
  readonly gone: string;
}

function termsOf(programme: string) {
  const prices = { issuePriceMicroFen: 10_000_000, reimbursementMicroFen: 9_500_000 };
  const points = [{ pointType: 'points', ...prices, feeBasisPoints: 200 }];
  const agreed = { settlement: 'postpaid', cycle: 'month', paymentTermDays: 10, ...ACTOR };
  return { programme, points, ...agreed };
}

export async function openStreet({ make }: Scene, programme: string): Promise<Street> {
  const now = at('2027-01-01');
  await make('/programmes', { code: programme, name: 'A street', sandbox: true, now });
  const merchant = (name: string): Promise<string> =>
    make('/merchants', {
      name: `${name} of ${programme}`,
      category: 'shop',
      earnRatio: { points: 1, perFen: 100 },
      programme,
    });
  const street = {
    programme,
    terms: termsOf(programme),
    issuer: await merchant('Issuer'),
    taker: await merchant('Taker'),
    leaver: await merchant('Leaver'),
    stayer: await merchant('Stayer'),
    gone: await merchant('Gone'),
  };
  await make('/clearing/terms', street.terms);
  return street;
}
