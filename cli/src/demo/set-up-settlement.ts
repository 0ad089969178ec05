import { answered } from '@hongmi/sdk/by-path';
import { setUpInvoices } from './invoices.ts';
import { type AsSecond, bySecond, SECOND } from './second-person.ts';
import {
  accountsOf,
  depositsOf,
  dossiersOf,
  estimatesOf,
  PREFUNDED,
  REQUIRED,
  SETTLEMENT_TERMS,
} from './settlement-terms.ts';
import { ACTOR, type Settling } from './settling.ts';
import { demoKey, inParallel } from './write-once.ts';
import { addDays, type Date10 } from './year/calendar.ts';
import { firstDayOf } from './year/plan.ts';

/** They lock their programme one after the other: more at a time would wait. */
const AT_ONCE = 2;

/**
 * What merchants settle by, all of it before the year begins: the dossiers of who issues points, the account of the merchant that pays
 * beforehand, the terms, where merchants are paid, and in whose names fees are invoiced. Safe to repeat.
 */
export async function setUpSettlement(settling: Settling): Promise<void> {
  const { hongmi, programme, plan, merchants } = settling;
  const idOf = (pack: string): string => merchants.get(pack) ?? '';
  const documents = dossiersOf(plan).map(({ pack, ...document }) => () => {
    const params = { header: demoKey('dossier', pack, document.kind) };
    const body = { programme, merchantId: idOf(pack), ...document, actor: ACTOR };
    return answered(hongmi.POST('/v1/dossiers', { params, body }));
  });
  await inParallel(AT_ONCE, documents);
  const params = { header: demoKey('dossiers') };
  const body = { programme, kinds: [...REQUIRED], actor: ACTOR };
  await answered(hongmi.PUT('/v1/dossiers/requirement', { params, body }));
  const { firstFen } = depositsOf(plan);
  await bookDeposit(settling, addDays(firstDayOf(plan), -30), firstFen);
  for (const { pack, terms } of SETTLEMENT_TERMS) {
    const whose = pack === null ? {} : { merchantId: idOf(pack) };
    const header = demoKey('settlement', pack ?? '');
    const published = { programme, ...whose, ...terms, actor: ACTOR };
    await answered(hongmi.POST('/v1/clearing/terms', { params: { header }, body: published }));
  }
  await bySecond(hongmi, programme, (second) => setUpAccounts(settling, second));
  await setUpInvoices(settling);
  for (const estimate of estimatesOf(plan)) {
    const header = demoKey('estimate', estimate.from);
    const told = { programme, ...estimate, actor: ACTOR };
    await answered(hongmi.POST('/v1/books/estimates', { params: { header }, body: told }));
  }
}

/** One person writes down where merchants are paid, another confirms it. */
async function setUpAccounts(
  { hongmi, programme, merchants }: Settling,
  second: AsSecond,
): Promise<void> {
  const accounts = accountsOf().map(({ pack, ...account }) => async () => {
    const { role, accountNumber } = account;
    const merchant = pack === null ? {} : { merchantId: merchants.get(pack) ?? '' };
    const header = demoKey('account', accountNumber);
    const told = { programme, ...merchant, ...account, actor: ACTOR };
    const { number } = await answered(
      hongmi.PUT('/v1/clearing/settlement-accounts', { params: { header }, body: told }),
    );
    const params = { header: demoKey('account confirmed', accountNumber) };
    const body = { programme, role, ...merchant, number, accountNumber, actor: SECOND };
    const path = '/v1/clearing/settlement-accounts/confirmations';
    await answered(hongmi.POST(path, { params, body, ...second }));
  });
  await inParallel(AT_ONCE, accounts);
}

/** Books what the prefunded merchant paid in on a day, into the account that is opened for that. */
export async function bookDeposit(
  { hongmi, programme, plan, merchants }: Settling,
  paidOn: Date10,
  fen: number,
): Promise<void> {
  const { alertFen } = depositsOf(plan);
  const merchantId = merchants.get(PREFUNDED) ?? '';
  const opened = { programme, merchantId, alertFen, actor: ACTOR };
  const header = demoKey('funding');
  const { id } = await answered(
    hongmi.POST('/v1/clearing/funding/accounts', { params: { header }, body: opened }),
  );
  const body = { kind: 'deposit' as const, fen, reference: `D-${paidOn}`, paidOn, actor: ACTOR };
  const params = { path: { id }, header: demoKey('deposit', paidOn) };
  await answered(hongmi.POST('/v1/clearing/funding/accounts/{id}/entries', { params, body }));
}
