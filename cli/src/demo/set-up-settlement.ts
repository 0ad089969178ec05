import { setUpInvoices } from './invoices.ts';
import { bySecond, SECOND } from './second-person.ts';
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
    return hongmi.keepDossier(
      { programme, merchantId: idOf(pack), ...document, actor: ACTOR },
      demoKey('dossier', pack, document.kind),
    );
  });
  await inParallel(AT_ONCE, documents);
  await hongmi.setDossierRequirement(
    { programme, kinds: [...REQUIRED], actor: ACTOR },
    demoKey('dossiers'),
  );
  const { firstFen } = depositsOf(plan);
  await bookDeposit(settling, addDays(firstDayOf(plan), -30), firstFen);
  for (const { pack, terms } of SETTLEMENT_TERMS) {
    const whose = pack === null ? {} : { merchantId: idOf(pack) };
    await hongmi.publishTerms(
      { programme, ...whose, ...terms, actor: ACTOR },
      demoKey('settlement', pack ?? ''),
    );
  }
  await bySecond(hongmi, programme, (second) => setUpAccounts(settling, second));
  await setUpInvoices(settling);
  for (const estimate of estimatesOf(plan)) {
    await hongmi.estimateBreakage(
      { programme, ...estimate, actor: ACTOR },
      demoKey('estimate', estimate.from),
    );
  }
}

/** One person writes down where merchants are paid, another confirms it. */
async function setUpAccounts(
  { hongmi, programme, merchants }: Settling,
  second: string,
): Promise<void> {
  const accounts = accountsOf().map(({ pack, ...account }) => async () => {
    const { role, accountNumber } = account;
    const merchant = pack === null ? {} : { merchantId: merchants.get(pack) ?? '' };
    const { number } = await hongmi.setSettlementAccount(
      { programme, ...merchant, ...account, actor: ACTOR },
      demoKey('account', accountNumber),
    );
    await hongmi.confirmSettlementAccount(
      { programme, role, ...merchant, number, accountNumber, actor: SECOND },
      { ...demoKey('account confirmed', accountNumber), key: second },
    );
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
  const { id } = await hongmi.openFundingAccount(
    { programme, merchantId, alertFen, actor: ACTOR },
    demoKey('funding'),
  );
  await hongmi.bookFunding(
    { id, kind: 'deposit', fen, reference: `D-${paidOn}`, paidOn, actor: ACTOR },
    demoKey('deposit', paidOn),
  );
}
