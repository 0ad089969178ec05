import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { testSeed } from '../../kernel/testing/seed.ts';
import type { FenFlow } from './cohort.ts';
import { CHART, journalOf, OCCASIONS, openingOf } from './journal.ts';
import { type Journal, type JournalFormat, writeJournal, yuan } from './journal-text.ts';

const seed = testSeed('journal');
const folder = mkdtempSync(join(tmpdir(), 'hongmi-journal-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A year in which everything happened; what is owed at the end is what is left. */
const flowOf = (more: Partial<FenFlow>): FenFlow => {
  const zero = { opening: 0n, issued: 0n, moved: 0n, takenBack: 0n, redeemed: 0n, settled: 0n };
  const fen = { ...zero, breakage: 0n, catchUp: 0n, ...more };
  const closing =
    fen.opening +
    fen.issued +
    fen.moved -
    fen.takenBack -
    fen.redeemed -
    fen.settled -
    fen.breakage -
    fen.catchUp;
  return { ...fen, closing };
};
function journal(flows: readonly { pointType: string; fen: FenFlow }[]): Journal {
  return {
    programme: 'village',
    number: 3,
    date: '2026-03-31',
    dayAfter: '2026-04-01',
    entries: journalOf(flows),
    opening: openingOf(flows),
    closing: flows.map(({ pointType, fen }) => ({ pointType, fen: fen.closing })),
  };
}
const year = journal([
  {
    pointType: 'points',
    fen: flowOf({
      ...{
        opening: 482_474n,
        issued: 100_000n,
        moved: -70n,
        takenBack: 5_000n,
        redeemed: 360_000n,
      },
      ...{ settled: 1_000n, breakage: 12_345n, catchUp: -8_435n },
    }),
  },
  { pointType: 'green-points', fen: flowOf({ issued: 5n, moved: 70n }) },
]);

/** Fen of `-12.30`, read without trusting what wrote it. */
function fenOf(text: string): bigint {
  expect(text).toMatch(/^-?\d+\.\d\d$/);
  return BigInt(text.replace('.', ''));
}

/**
 * Reads a journal of either tool as that tool would: every entry must balance, every account must be opened before, and what is asserted
 * of a balance must be so. Answers how many entries and assertions there were.
 */
function check(text: string, format: 'beancount' | 'hledger') {
  const opened = new Set<string>();
  const balances = new Map<string, bigint>();
  let [entries, asserted, sum] = [0, 0, 0n];
  const post = (account: string, amount: string): void => {
    expect(opened).toContain(account);
    for (const part of account.split(':')) expect(part).toMatch(/^[A-Z][A-Za-z0-9-]*$/);
    sum += fenOf(amount);
    balances.set(account, (balances.get(account) ?? 0n) + fenOf(amount));
  };
  const endEntry = (): void => {
    expect(sum).toBe(0n);
  };
  for (const line of text.split('\n')) {
    const open = /^(?:\d{4}-\d\d-\d\d open|account) (\S+)/.exec(line);
    const posting = /^ {2,}(\S+) {2}(\S+) CNY(?: = (\S+) CNY)?$/.exec(line);
    const assertion = /^\d{4}-\d\d-\d\d balance (\S+) {2}(\S+) CNY$/.exec(line);
    if (open !== null) opened.add(open[1] as string);
    else if (assertion !== null) {
      endEntry();
      asserted += 1;
      expect(balances.get(assertion[1] as string) ?? 0n).toBe(fenOf(assertion[2] as string));
    } else if (posting !== null) {
      post(posting[1] as string, posting[2] as string);
      if (posting[3] !== undefined) {
        asserted += 1;
        expect(balances.get(posting[1] as string)).toBe(fenOf(posting[3]));
      }
    } else if (/^\d{4}-\d\d-\d\d \*/.test(line)) {
      endEntry();
      entries += 1;
    } else
      expect(line).toMatch(
        format === 'beancount' ? /^(option "| {2}\w+: "|$)/ : /^(;|commodity |$)/,
      );
  }
  endEntry();
  return { entries, asserted };
}

/** Whether the tool itself takes the file; undefined where there is no such tool. */
function checkWith(command: string, args: readonly string[], name: string, text: string) {
  const file = join(folder, name);
  writeFileSync(file, text);
  const done = spawnSync(command, [...args, file], { encoding: 'utf8' });
  // Not there, or there and not to be executed: then the checker above is all there is.
  return done.error === undefined
    ? { status: done.status, told: done.stdout + done.stderr }
    : undefined;
}

describe('a journal', () => {
  it.each(['en', 'zh'] as const)(
    'balances and rolls, as beancount and hledger read it (%s)',
    (language) => {
      const bean = writeJournal(year, 'beancount', language);
      expect(check(bean, 'beancount')).toEqual({ entries: 10, asserted: 2 });
      const accepted = { status: 0, told: '' };
      expect(checkWith('bean-check', [], `${language}.beancount`, bean) ?? accepted).toEqual(
        accepted,
      );
      const ledger = writeJournal(year, 'hledger', language);
      expect(check(ledger, 'hledger')).toEqual({ entries: 11, asserted: 2 });
      expect(
        checkWith('hledger', ['check', '-f'], `${language}.journal`, ledger) ?? accepted,
      ).toEqual(accepted);
    },
  );

  it('says in CSV what is debited and credited, in each language with the same figures', () => {
    const [english, chinese] = (['en', 'zh'] as const).map((language) => {
      const text = writeJournal(year, 'csv', language);
      expect(text.startsWith('\ufeff')).toBe(true);
      return parse(text, { bom: true }) as string[][];
    }) as [string[][], string[][]];
    expect(english[0]?.slice(0, 2)).toEqual(['date', 'entry']);
    expect(chinese[0]?.slice(0, 2)).toEqual(['日期', '分录']);
    expect(english[1]).toEqual([
      ...[
        '2026-03-31',
        '3-1',
        'Points issued',
        '2205.01',
        CHART.liability.en,
        'points',
        '',
        '1000.00',
      ],
    ]);
    const figures = (rows: string[][]) =>
      rows.slice(1).map((row) => [row[1], row[3], row[6], row[7]]);
    expect(figures(chinese)).toEqual(figures(english));
    const sums = new Map<string, bigint>();
    for (const [, entry = '', , , , , debit = '', credit = ''] of english.slice(1)) {
      const fen = debit === '' ? -fenOf(credit) : fenOf(debit);
      sums.set(entry, (sums.get(entry) ?? 0n) + fen);
    }
    expect([...sums.values()]).toEqual(Array.from(sums, () => 0n));
  });

  it('leaves on the liability what is left to be used, whatever happened', () => {
    const fen = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
    const flow = fc.record({
      ...{ opening: fen, issued: fen, moved: fen, takenBack: fen, redeemed: fen, settled: fen },
      ...{ breakage: fen, catchUp: fen },
    });
    fc.assert(
      fc.property(flow, (values) => {
        const told = journal([{ pointType: 'points', fen: flowOf(values) }]);
        for (const format of ['beancount', 'hledger'] as const)
          check(writeJournal(told, format, 'en'), format);
      }),
      { seed },
    );
  });

  it('has a name in both languages for everything', () => {
    for (const { en, zh } of [...Object.values(CHART), ...Object.values(OCCASIONS)]) {
      expect(en).toMatch(/^[A-Z]/);
      expect(zh).toMatch(/\p{Script=Han}/u);
    }
    for (const format of ['csv', 'beancount', 'hledger'] satisfies JournalFormat[])
      expect(writeJournal(year, format, 'zh')).not.toBe(writeJournal(year, format, 'en'));
    expect([yuan(0n), yuan(-5n), yuan(123n), yuan(-100_000n)]).toEqual([
      '0.00',
      '-0.05',
      '1.23',
      '-1000.00',
    ]);
  });
});
