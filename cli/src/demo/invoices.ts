import { answered, type components } from '@hongmi/sdk/by-path';
import { readPages } from '../pages.ts';
import { ACTOR, type Settling } from './settling.ts';
import { demoKey, inParallel, unlessDone } from './write-once.ts';
import { addDays, type Date10 } from './year/calendar.ts';
import { firstDayOf } from './year/plan.ts';
import { TRADES } from './year/trades.ts';

type Title = components['schemas']['SetInvoiceTitle'];

const ALL = 10_000;
const AT_ONCE = 3;
/** 增值税法, article 10. */
const RATES = { standardBasisPoints: 1_300, reducedBasisPoints: 900, serviceBasisPoints: 600 };
/** What of it is not goods of the usual rate. */
const HANDS_OUT: Readonly<Record<string, Title['handsOut']>> = {
  'fruit-shop': 'reduced_goods',
  'car-shop': 'service',
  airline: 'service',
  hotel: 'service',
  'scenic-spot': 'service',
  'green-bank-card': 'service',
  'school-community': 'service',
};

/** Says by which rates, and in whose names, fees are invoiced. Safe to repeat. */
export async function setUpInvoices({
  hongmi,
  programme,
  plan,
  merchants,
}: Settling): Promise<void> {
  const from = addDays(firstDayOf(plan), -30);
  const rates = { programme, from, ...RATES, actor: ACTOR };
  await answered(
    hongmi.PUT('/v1/clearing/tax-rates', { params: { header: demoKey('rates') }, body: rates }),
  );
  const titles = [null, ...TRADES.map(({ pack }) => pack)].map((pack, place) => () => {
    const body = {
      ...{
        programme,
        title: pack === null ? '红米演示联盟有限公司' : `演示商户 ${place} 有限公司`,
      },
      ...(pack === null ? {} : { merchantId: merchants.get(pack) ?? '' }),
      taxNumber: taxNumberOf(place),
      ...{ address: `演示市联盟路 ${place + 1} 号`, phone: '0000-0000000', bank: '演示银行' },
      bankAccount: `6222${String(place + 10).padStart(12, '0')}`,
      handsOut: HANDS_OUT[pack ?? 'airline'] ?? 'goods',
      actor: ACTOR,
    };
    const params = { header: demoKey('title', pack ?? '') };
    return answered(hongmi.PUT('/v1/clearing/invoice-titles', { params, body }));
  });
  // They lock their programme one after the other.
  await inParallel(1, titles);
}

/** Makes the invoices of a month's fees, and notes each as issued on a day. */
export async function invoice(
  { hongmi }: Settling,
  periodId: string,
  issuedOn: Date10,
): Promise<void> {
  const path = { id: periodId };
  const params = { path, header: demoKey('invoices', issuedOn) };
  const made = hongmi.POST('/v1/clearing/periods/{id}/invoices', {
    params,
    body: { actor: ACTOR },
  });
  // In the first days nobody uses points elsewhere, and there is no fee.
  await unlessDone(answered(made), ['invoices_nothing_left']);
  const { items } = await readPages(ALL, (query) =>
    hongmi.GET('/v1/clearing/periods/{id}/invoices', { params: { path, query } }),
  );
  const issued = items.map(({ id }, place) => () => {
    const number = `${issuedOn.replaceAll('-', '')}${String(place + 1).padStart(12, '0')}`;
    const body = { number, issuedOn, actor: ACTOR };
    const params = { path: { id }, header: demoKey('issued', id) };
    return answered(hongmi.POST('/v1/clearing/invoices/{id}/issued', { params, body }));
  });
  await inParallel(AT_ONCE, issued);
}

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** A unified social credit code of nobody: no region has the number 99. Its check character is that of GB 32100-2015, 4.2. */
function taxNumberOf(place: number): string {
  const body = `91990000MADEMA${String(place).padStart(3, '0')}`;
  let sum = 0;
  let weight = 1;
  for (const character of body) {
    sum += ALPHABET.indexOf(character) * weight;
    weight = (weight * 3) % 31;
  }
  return `${body}${ALPHABET[(31 - (sum % 31)) % 31]}`;
}
