import type { components } from '@hongmi/sdk';
import { ACTOR, type Settling } from './settling.ts';
import { demoKey, inParallel, unlessDone } from './write-once.ts';
import { addDays, type Date10 } from './year/calendar.ts';
import { firstDayOf } from './year/plan.ts';
import { TRADES } from './year/trades.ts';

type Title = components['schemas']['SetInvoiceTitle'];

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
  await hongmi.setTaxRates({ programme, from, ...RATES, actor: ACTOR }, demoKey('rates'));
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
    return hongmi.setInvoiceTitle(body, demoKey('title', pack ?? ''));
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
  const made = hongmi.makeInvoices({ id: periodId, actor: ACTOR }, demoKey('invoices', issuedOn));
  // In the first days nobody uses points elsewhere, and there is no fee.
  await unlessDone(made, ['invoices_nothing_left']);
  const items = await hongmi.pages('listInvoices', { id: periodId }).all();
  const issued = items.map(({ id }, place) => () => {
    const number = `${issuedOn.replaceAll('-', '')}${String(place + 1).padStart(12, '0')}`;
    return hongmi.noteInvoiceIssued({ id, number, issuedOn, actor: ACTOR }, demoKey('issued', id));
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
