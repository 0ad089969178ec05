import { showInstant } from '../../kernel/clock.ts';
import { showId } from '../../kernel/id.ts';
import type { Instruction, PaymentRun } from './payment.ts';

/** An account with its number in the clear. */
export interface OpenAccount {
  readonly holder: string;
  readonly bank: string;
  readonly cnaps: string;
  readonly accountNumber: string;
}

export interface Order extends Pick<Instruction, 'place' | 'kind' | 'fen'> {
  readonly account: OpenAccount;
}

const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.03';

/** How an instruction is called by banks: at most 35 characters (Max35Text). */
export const endToEndId = ({ id }: Pick<PaymentRun, 'id'>, place: number): string =>
  `${showId('paymentRun', id)}-${place}`;

/**
 * A run as ISO 20022 CustomerCreditTransferInitiation (pain.001.001.03): first what is collected, a payment information for
 * each debtor, then what is paid out of custody. The same run is always the same bytes: times are those of the run.
 * `executeOn`: the day from which on it is to be done.
 */
export function renderPain(
  run: PaymentRun,
  custody: OpenAccount,
  orders: readonly Order[],
  executeOn: string,
): string {
  const collects = orders.filter(({ kind }) => kind === 'collect');
  const payOuts = orders.filter(({ kind }) => kind === 'pay_out');
  const name = showId('paymentRun', run.id);
  const batches = [
    ...collects.map((order) => ({
      ...{ id: `${name}-C${order.place}`, debtor: order.account },
      transfers: [{ order, creditor: custody }],
    })),
    ...(payOuts.length === 0
      ? []
      : [
          {
            ...{ id: `${name}-P`, debtor: custody },
            transfers: payOuts.map((order) => ({ order, creditor: order.account })),
          },
        ]),
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<Document xmlns="${NAMESPACE}">`,
    ' <CstmrCdtTrfInitn>',
    '  <GrpHdr>',
    `   <MsgId>${name}</MsgId>`,
    `   <CreDtTm>${showInstant(run.at)}</CreDtTm>`,
    `   <NbOfTxs>${orders.length}</NbOfTxs>`,
    `   <CtrlSum>${yuan(sum(orders))}</CtrlSum>`,
    `   <InitgPty><Nm>${escapeXml(custody.holder)}</Nm></InitgPty>`,
    '  </GrpHdr>',
    ...batches.flatMap(({ id, debtor, transfers }) => [
      '  <PmtInf>',
      `   <PmtInfId>${id}</PmtInfId>`,
      '   <PmtMtd>TRF</PmtMtd>',
      `   <NbOfTxs>${transfers.length}</NbOfTxs>`,
      `   <CtrlSum>${yuan(sum(transfers.map(({ order }) => order)))}</CtrlSum>`,
      `   <ReqdExctnDt>${executeOn}</ReqdExctnDt>`,
      ...party('Dbtr', debtor),
      `   <DbtrAcct>${accountOf(debtor)}</DbtrAcct>`,
      `   <DbtrAgt>${agentOf(debtor)}</DbtrAgt>`,
      ...transfers.flatMap(({ order, creditor }) => [
        '   <CdtTrfTxInf>',
        `    <PmtId><EndToEndId>${endToEndId(run, order.place)}</EndToEndId></PmtId>`,
        `    <Amt><InstdAmt Ccy="CNY">${yuan(order.fen)}</InstdAmt></Amt>`,
        `    <CdtrAgt>${agentOf(creditor)}</CdtrAgt>`,
        ...party('Cdtr', creditor).map((line) => ` ${line}`),
        `    <CdtrAcct>${accountOf(creditor)}</CdtrAcct>`,
        `    <RmtInf><Ustrd>${endToEndId(run, order.place)}</Ustrd></RmtInf>`,
        '   </CdtTrfTxInf>',
      ]),
      '  </PmtInf>',
    ]),
    ' </CstmrCdtTrfInitn>',
    '</Document>',
    '',
  ].join('\n');
}

const sum = (list: readonly { readonly fen: number }[]): number =>
  list.reduce((total, { fen }) => total + fen, 0);

/** `1234.05`: never by way of a fraction that a machine rounds. */
function yuan(fen: number): string {
  const digits = String(fen).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

const party = (tag: string, { holder }: OpenAccount): string[] => [
  `   <${tag}><Nm>${escapeXml(holder)}</Nm></${tag}>`,
];
const accountOf = ({ accountNumber }: OpenAccount): string =>
  `<Id><Othr><Id>${escapeXml(accountNumber)}</Id></Othr></Id><Ccy>CNY</Ccy>`;
const agentOf = ({ cnaps, bank }: OpenAccount): string =>
  `<FinInstnId><ClrSysMmbId><ClrSysId><Cd>CNAPS</Cd></ClrSysId><MmbId>${cnaps}</MmbId></ClrSysMmbId>` +
  `<Nm>${escapeXml(bank)}</Nm></FinInstnId>`;

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
