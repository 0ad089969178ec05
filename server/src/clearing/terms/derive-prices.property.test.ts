import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Uuid } from '../../kernel/id.ts';
import { testSeed } from '../../kernel/testing/seed.ts';
import { PLATFORM } from '../../ledger/transaction.ts';
import { DOSSIER_KINDS, STATUSES } from '../dossiers/dossier.ts';
import { derivePrices, type MerchantFacts, type ProgrammeFacts } from './derive-prices.ts';
import type { TermsVersion } from './terms.ts';

const seed = testSeed('derive-prices');
const END = 60;
const at = fc.integer({ min: 0, max: END });
const uuid = (n: number) =>
  `00000000-0000-7000-8000-0000000000${String(n).padStart(2, '0')}` as Uuid;

const points = (codes: readonly string[], withQuota: boolean) =>
  fc.tuple(
    ...codes.map((pointType) =>
      fc.record({
        pointType: fc.constant(pointType),
        issuePriceMicroFen: fc.integer({ min: 0, max: 3 }),
        reimbursementMicroFen: fc.integer({ min: 0, max: 30_000 }),
        feeBasisPoints: fc.integer({ min: 0, max: 10_000 }),
        ...(withQuota
          ? { acceptedPointsMax: fc.option(fc.constant(5), { nil: undefined as never }) }
          : {}),
      }),
    ),
  );
const versions = (
  merchant: Uuid | null,
  codes: readonly (readonly string[])[],
): fc.Arbitrary<TermsVersion[]> =>
  fc
    .array(
      fc.constantFrom(...codes).chain((named) =>
        fc.record({
          from: at,
          points: points(named, merchant !== null),
          settlement: fc.constantFrom('prefund' as const, 'postpaid' as const),
          creditLimitFen: fc.constantFrom(null, 10),
        }),
      ),
      { maxLength: 4 },
    )
    .map((list) =>
      list.map(({ from, ...body }, place) => ({
        ...{ id: uuid(place), programme: 1, merchant, number: place + 1, from, publishedAt: 0 },
        ...{ actor: 'Li Lei', withdrawn: null },
        body: { ...body, points: body.points as never, cycle: 'month', paymentTermDays: 0 },
      })),
    );

const programmeFacts: fc.Arbitrary<ProgrammeFacts> = fc.record({
  // What is cleared stays cleared: every version names what those before it did.
  standard: fc.oneof(versions(null, [['a', 'b']]), versions(null, [['a']])),
  requirements: fc
    .array(fc.record({ kinds: fc.subarray([...DOSSIER_KINDS]), from: at }), { maxLength: 3 })
    .map((list) => list.map((each, place) => ({ ...each, number: place + 1 }))),
  pointTypes: fc.constant(
    new Map([
      ['a', 1],
      ['b', 2],
    ]),
  ),
});
const merchantFacts: fc.Arbitrary<MerchantFacts> = fc.record({
  terms: versions(PLATFORM, [['a', 'b'], ['a'], ['b']]),
  documents: fc.array(
    fc.record({
      kind: fc.constantFrom(...DOSSIER_KINDS),
      validFrom: at,
      validUntil: fc.integer({ min: 1, max: END }),
      status: fc.constantFrom(...STATUSES, 'valid' as const, 'valid' as const),
    }),
    { maxLength: 6 },
  ),
  leavesAt: fc.option(at, { nil: null }),
  account: fc.option(fc.record({ budget: fc.constant(uuid(90)), from: at }), { nil: null }),
  quotas: fc
    .array(fc.boolean(), { minLength: 3, maxLength: 3 })
    .map(
      (months) =>
        new Map([
          [
            1,
            months.flatMap((has, month) =>
              has ? [{ from: month * 20, budget: uuid(70 + month) }] : [],
            ),
          ],
        ]),
    ),
});

/** The same said plainly, of one instant: whoever looks at the facts then decides by this. */
function naive(
  { standard, requirements }: ProgrammeFacts,
  { terms, documents, leavesAt, account, quotas }: MerchantFacts,
  code: string,
  now: number,
) {
  const latest = <T extends { from: number; number: number }>(list: readonly T[]): T | undefined =>
    [...list]
      .filter(({ from }) => from <= now)
      .sort((x, y) => x.from - y.from || x.number - y.number)
      .at(-1);
  const usual = latest(standard);
  const cleared = usual?.body.points.find((each) => each.pointType === code);
  if (usual === undefined || cleared === undefined) return null;
  const body = (latest(terms) ?? usual).body;
  const price = body.points.find((each) => each.pointType === code) ?? cleared;
  let issuing: string | null = null;
  const funded = body.settlement === 'prefund' || body.creditLimitFen !== null;
  const open = account !== null && account.from <= now;
  if (funded && !open) issuing = 'funding_missing';
  const lacking = (latest(requirements)?.kinds ?? []).filter(
    (kind) =>
      !documents.some(
        (each) =>
          each.kind === kind &&
          each.status === 'valid' &&
          each.validFrom <= now &&
          now < each.validUntil,
      ),
  );
  if (lacking.length > 0) {
    const never = lacking.some(
      (kind) => !documents.some((each) => each.kind === kind && each.validFrom <= now),
    );
    issuing = never ? 'dossier_missing' : 'dossier_lapsed';
  }
  const left = leavesAt !== null && leavesAt <= now;
  const months = (quotas.get(code === 'a' ? 1 : 2) ?? []).filter(({ from }) => from <= now);
  return {
    issuePrice: price.issuePriceMicroFen,
    reimbursement: price.reimbursementMicroFen,
    fee: Math.floor((price.reimbursementMicroFen * price.feeBasisPoints) / 10_000),
    issuing: left ? 'merchant_left' : issuing,
    accepting: left ? 'merchant_left' : null,
    funding: funded && open ? account.budget : null,
    quota: price.acceptedPointsMax === undefined ? null : (months.at(-1)?.budget ?? null),
  };
}

test('at every instant the rows say what the facts say, and rows change only where they do', () => {
  fc.assert(
    fc.property(programmeFacts, merchantFacts, at, (programme, merchant, first) => {
      const rows = derivePrices(programme, merchant, first);
      for (const [code, pointType] of programme.pointTypes) {
        const own = rows.filter((row) => row.pointType === pointType);
        for (let now = first; now <= END + 1; now += 1) {
          const row = own.findLast(({ from }) => from <= now);
          const said = row === undefined ? null : { ...row, from: undefined, pointType: undefined };
          const should = naive(programme, merchant, code, now);
          expect(said, `${code} at ${now}`).toEqual(
            should === null ? null : { ...should, from: undefined, pointType: undefined },
          );
        }
        for (const [place, row] of own.entries()) {
          const before = own[place - 1];
          if (before === undefined) continue;
          expect(row.from).toBeGreaterThan(before.from);
          expect({ ...row, from: 0 }).not.toEqual({ ...before, from: 0 });
        }
      }
    }),
    { seed, numRuns: 500 },
  );
});
