import { localTime, nameOf, startOfDate } from '../../kernel/calendar.ts';
import { showId, type Uuid } from '../../kernel/id.ts';
import { PLATFORM } from '../../ledger/transaction.ts';
import type {
  Cell,
  Paper,
  PaperColumn,
  PaperFact,
  PaperLanguage,
  PaperTable,
  Row,
} from '../../platform/papers/paper.ts';
import { shownCell, wallTime } from '../../platform/papers/show-cell.ts';
import { showParty } from '../periods/figures-csv.ts';
import { MICRO_FEN, type Period } from '../periods/period.ts';
import type { IssuedPoints } from './issued-points.ts';
import { type AmountName, addSums, type Statement, type StatementSum } from './statement.ts';
import type { StatementLine } from './statement-lines.ts';
import { fill, type Words, wordsIn } from './words.ts';

/** What of the programme papers say, as it was when the period ended. */
export interface PaperScene {
  readonly language: PaperLanguage;
  readonly programme: {
    readonly code: string;
    readonly name: string;
    readonly timeZone: string;
    readonly pointTypes: readonly {
      readonly id: number;
      readonly name: string;
      readonly scale: number;
    }[];
  };
}

/** How much of a statement: all of it, what it says in all, or just its lines. */
export const STATEMENT_PARTS = ['all', 'summary', 'lines'] as const;
export type StatementPart = (typeof STATEMENT_PARTS)[number];

/** A statement as a paper; `lines` are read only where the part has them. */
export function paperOf(
  statement: Statement,
  scene: PaperScene,
  part: StatementPart,
  lines: AsyncIterable<StatementLine>,
): Paper {
  const words = wordsIn(scene.language);
  const { period, merchant } = statement;
  const { timeZone } = scene.programme;
  const isPlatform = merchant === PLATFORM;
  const who = isPlatform ? scene.programme.name : nameIn(statement, words, merchant);
  const title = part === 'lines' ? 'linesTitle' : isPlatform ? 'platformTitle' : 'title';
  const hasSummary = part !== 'lines';
  const summary = hasSummary ? summaryTables(statement, scene, words) : [];
  const notes = [words.noteMoney, words.noteCustody, ...(isPlatform ? [] : [words.noteMembers])];
  return {
    ...{ language: scene.language, title: words[title], at: period.until, timeZone },
    subtitle: `${who} · ${periodLabel(period, words, timeZone)}`,
    facts: hasSummary ? factsOf(statement, scene, words) : [],
    tables: part === 'summary' ? summary : [...summary, linesTable(statement, scene, words, lines)],
    notes: hasSummary ? [...notes, words.noteSame] : [],
  };
}

function nameIn({ names }: Statement, words: Words, merchant: Uuid): string {
  return merchant === PLATFORM ? words.platform : (names.get(merchant) ?? showParty(merchant));
}

/** `2026 年 11 月` of a whole month, else from when until when. */
function periodLabel({ number, from, until }: Period, words: Words, timeZone: string): string {
  const { date, year, month } = localTime(from, timeZone);
  const last = localTime(until - 1, timeZone);
  const isMonth =
    date.endsWith('-01') &&
    nameOf('month', date) === nameOf('month', last.date) &&
    startOfDate(date, timeZone) === from &&
    localTime(until, timeZone).day === 1 &&
    startOfDate(localTime(until, timeZone).date, timeZone) === until;
  const label = isMonth
    ? fill(words.month, { year, month: String(month).padStart(2, '0') })
    : fill(words.span, { from: wallTime(from, timeZone), until: wallTime(until, timeZone) });
  return `${fill(words.period, { number })} · ${label}`;
}

function factsOf(
  { period, merchant, position, positions }: Statement,
  { programme }: PaperScene,
  words: Words,
): PaperFact[] {
  const isPlatform = merchant === PLATFORM;
  const main = (name: string, value: number): PaperFact => ({
    ...{ name, kind: 'fen', value, isMain: true },
  });
  const { owed, due, fee, adjusted, net } = position;
  // The platform's own position is seen from its side: it receives what is owed, and fees.
  const figures = isPlatform
    ? [main(words.platformOwed, -owed), main(words.platformDue, due), main(words.fee, -fee)]
    : [main(words.due, due), main(words.owed, -owed), main(words.fee, -fee)];
  const sum = positions.reduce((total, each) => total + BigInt(each.net), 0n);
  const yuan = shownCell('fen', Math.abs(net), programme.timeZone);
  const direction = net > 0 ? words.receives : net < 0 ? words.pays : words.nothing;
  return [
    ...figures,
    main(words.adjusted, adjusted),
    main(words.net, net),
    isPlatform
      ? { name: words.zeroSum, kind: 'fen', value: sum }
      : { name: words.settlement, kind: 'text', value: fill(direction, { yuan }) },
    { name: words.programme, kind: 'text', value: `${programme.name} (${programme.code})` },
    ...(isPlatform
      ? []
      : [{ name: words.merchantId, kind: 'id', value: showParty(merchant) } as const]),
    { name: words.from, kind: 'instant', value: period.from },
    { name: words.until, kind: 'instant', value: period.until },
    { name: words.periodId, kind: 'id', value: showId('clearingPeriod', period.id) },
    { name: words.figures, kind: 'id', value: period.figuresHash?.toString('hex') ?? null },
  ];
}

function summaryTables(statement: Statement, scene: PaperScene, words: Words): PaperTable[] {
  const { merchant, sums, issued, adjustments } = statement;
  const ofName = (name: AmountName) => sums.filter((sum) => sum.name === name);
  const titles = { owed: words.owedTitle, due: words.dueTitle, fee: words.feeTitle };
  const tables: PaperTable[] = [];
  if (merchant === PLATFORM) tables.push(positionsTable(statement, words));
  else
    for (const name of ['owed', 'due', 'fee'] as const)
      tables.push(sumsTable(statement, scene, words, titles[name], ofName(name)));
  if (adjustments.length > 0) tables.push(adjustmentsTable(statement, words));
  if (issued.length > 0) tables.push(issuedTable(statement, scene, words));
  return tables;
}

function sumsTable(
  statement: Statement,
  scene: PaperScene,
  words: Words,
  title: string,
  sums: readonly StatementSum[],
): PaperTable {
  const total = addSums(sums);
  const columns: PaperColumn[] = [
    { title: words.counterparty, kind: 'text' },
    { title: words.pointType, kind: 'text' },
    { title: words.points, kind: 'points' },
    { title: words.carriedIn, kind: 'microFen' },
    { title: words.exact, kind: 'microFen' },
    { title: words.carry, kind: 'microFen' },
    { title: words.settled, kind: 'fen' },
  ];
  const rows = sums.map((sum): Row => {
    const { type, points } = pointsIn(scene, sum.pointType, sum.points);
    const who = nameIn(statement, words, sum.counterparty);
    return [who, type, points, sum.carriedIn, sum.exact, sum.carry, sum.fen];
  });
  const totals: Row[] =
    sums.length === 0
      ? []
      : [[words.total, null, null, total.carriedIn, total.exact, total.carry, total.fen]];
  return { title, note: words.sumNote, columns, rows, totals };
}

function positionsTable(statement: Statement, words: Words): PaperTable {
  const { positions } = statement;
  const fields = ['due', 'owed', 'fee', 'adjusted', 'net'] as const;
  const sign = { due: 1, owed: -1, fee: -1, adjusted: 1, net: 1 };
  const sum = (field: (typeof fields)[number]): bigint =>
    positions.reduce((total, each) => total + BigInt(sign[field] * each[field]), 0n);
  return {
    title: words.positionsTitle,
    columns: [
      { title: words.merchant, kind: 'text' },
      { title: words.id, kind: 'id' },
      { title: words.lineDue, kind: 'fen' },
      { title: words.lineOwed, kind: 'fen' },
      { title: words.fee, kind: 'fen' },
      { title: words.adjusted, kind: 'fen' },
      { title: words.net, kind: 'fen' },
    ],
    rows: positions.map(
      (each): Row => [
        nameIn(statement, words, each.merchant),
        showParty(each.merchant),
        ...fields.map((field) => sign[field] * each[field]),
      ],
    ),
    totals: [[words.total, null, ...fields.map(sum)]],
  };
}

function adjustmentsTable(statement: Statement, words: Words): PaperTable {
  const { merchant, adjustments } = statement;
  const isPlatform = merchant === PLATFORM;
  const total = adjustments.reduce(
    (sum, { payee, fen }) => sum + BigInt(payee === merchant ? fen : -fen),
    0n,
  );
  return {
    title: words.adjustmentsTitle,
    columns: [
      { title: words.time, kind: 'instant' },
      ...(isPlatform
        ? ([
            { title: words.payer, kind: 'text' },
            { title: words.taker, kind: 'text' },
          ] as const)
        : ([{ title: words.counterparty, kind: 'text' }] as const)),
      { title: words.reason, kind: 'text' },
      { title: words.dispute, kind: 'id' },
      { title: words.amount, kind: 'fen' },
    ],
    rows: adjustments.map(({ payer, payee, fen, reason, dispute, madeAt }): Row => {
      const who = isPlatform ? [payer, payee] : [payer === merchant ? payee : payer];
      const amount = isPlatform || payee === merchant ? fen : -fen;
      return [
        madeAt,
        ...who.map((each) => nameIn(statement, words, each)),
        reason,
        dispute === null ? null : showId('dispute', dispute),
        amount,
      ];
    }),
    ...(isPlatform ? {} : { totals: [[null, words.total, null, null, total]] }),
  };
}

const STEPS = ['opening', 'issued', 'used', 'expired', 'other', 'closing'] as const;
/** What leaves is shown below zero, so that the lines add up to the last one. */
const LEAVES = new Set<(typeof STEPS)[number]>(['used', 'expired']);

function issuedTable(statement: Statement, scene: PaperScene, words: Words): PaperTable {
  const isPlatform = statement.merchant === PLATFORM;
  const rowsOf = (issued: IssuedPoints): Row[] =>
    STEPS.map((step): Row => {
      const sign = LEAVES.has(step) ? -1 : 1;
      const { points: count, cost } = issued[step];
      const { type, points } = pointsIn(scene, issued.pointType, sign * count);
      const who: Cell[] = isPlatform ? [nameIn(statement, words, issued.issuer)] : [];
      return [...who, type, words[step], points, BigInt(sign) * cost];
    });
  return {
    title: words.pointsTitle,
    note: words.pointsNote,
    columns: [
      ...(isPlatform ? ([{ title: words.merchant, kind: 'text' }] as const) : []),
      { title: words.pointType, kind: 'text' },
      { title: words.kind, kind: 'text' },
      { title: words.points, kind: 'points' },
      { title: words.cost, kind: 'microFen' },
    ],
    rows: statement.issued.flatMap(rowsOf),
  };
}

function linesTable(
  statement: Statement,
  scene: PaperScene,
  words: Words,
  lines: AsyncIterable<StatementLine>,
): PaperTable {
  const { merchant, sums } = statement;
  const isPlatform = merchant === PLATFORM;
  const parties = isPlatform ? [words.payer, words.taker] : [words.counterparty];
  const text = (title: string): PaperColumn => ({ title, kind: 'text' });
  const columns: PaperColumn[] = [
    { title: words.line, kind: 'id' },
    { title: words.time, kind: 'instant' },
    text(words.kind),
    { title: words.transaction, kind: 'id' },
    { title: words.reference, kind: 'id' },
    { title: words.member, kind: 'id' },
    { title: words.lot, kind: 'id' },
    ...parties.map(text),
    text(words.pointType),
    { title: words.points, kind: 'points' },
    { title: words.price, kind: 'microFen' },
    { title: words.lineOwed, kind: 'microFen' },
    { title: words.lineDue, kind: 'microFen' },
    { title: words.lineFee, kind: 'microFen' },
  ];
  async function* rows(): AsyncGenerator<Row> {
    for await (const line of lines) {
      const { payer, taker, price, owed, due, fee } = line;
      const who = isPlatform ? [payer, taker] : [payer === merchant ? taker : payer];
      const { type, points } = pointsIn(scene, line.pointType, line.points);
      yield [
        ...[line.line, line.effectiveAt, words[line.kind]],
        ...[showId('transaction', line.transaction), line.reference, line.member],
        showId('lot', line.lot),
        ...who.map((each) => nameIn(statement, words, each)),
        ...[type, points, price, owed, due, fee],
      ];
    }
  }
  const totalsOf = (['owed', 'due', 'fee'] as const).map((name) =>
    addSums(sums.filter((sum) => sum.name === name)),
  );
  const blank = Array<null>(columns.length - 4).fill(null);
  const total = (title: string, pick: (sum: (typeof totalsOf)[number]) => bigint): Row => [
    ...[title, ...blank],
    ...totalsOf.map(pick),
  ];
  return {
    title: words.lines,
    note: words.linesNote,
    columns,
    rows: rows(),
    ...(isPlatform
      ? {}
      : {
          totals: [
            total(words.total, ({ exact }) => exact),
            total(words.carriedIn, ({ carriedIn }) => carriedIn),
            total(words.carry, ({ carry }) => -carry),
            total(words.settled, ({ fen }) => BigInt(fen) * MICRO_FEN),
          ],
        }),
  };
}

function pointsIn(
  { programme }: PaperScene,
  pointType: number,
  points: number,
): { type: string; points: Cell } {
  const type = programme.pointTypes.find(({ id }) => id === pointType);
  return { type: type?.name ?? String(pointType), points: { points, scale: type?.scale ?? 0 } };
}
