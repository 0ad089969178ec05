import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import type { Uuid } from '../../kernel/id.ts';
import { KINDS, SOURCE_KINDS } from '../command.ts';
import { type Leaf, leafBytes } from '../encode.ts';
import { ENTRY_KINDS, ROLES } from '../transaction.ts';
import { equal, int64OrNull, isNil, LeafView } from './leaf.ts';
import { type LeafJson, showLeaf, writeLeaf } from './leaf-json.ts';
import { LeafWriter } from './leaf-writer.ts';

type Vector = Omit<Leaf, 'commitment'> & { readonly name: string; readonly commitment: string };
const { leaves } = JSON.parse(
  readFileSync(new URL('../../../../docs/test-vectors.json', import.meta.url), 'utf8'),
) as { readonly leaves: readonly Vector[] };

type LeafEntry = Leaf['transaction']['entries'][0];
const bytesOf = (vector: Vector): Buffer =>
  leafBytes({ ...vector, commitment: Buffer.from(vector.commitment, 'hex') });
const [issue] = leaves as [Vector];

describe('a leaf that is read', () => {
  it.each(leaves)('says what was written: $name', (vector) => {
    const { transaction, entryFirst, lotsMade, marks } = vector;
    const bytes = bytesOf(vector);
    const view = new LeafView().read(bytes);
    const { kind, programme, pointType, points, effectiveAt, balanceAfter } = transaction;
    expect(view).toMatchObject({ kind, programme, pointType, points, effectiveAt, balanceAfter });
    expect(view).toMatchObject({ entryFirst, isRefused: transaction.refusal !== null });
    expect([view.entryCount, view.lotCount]).toEqual([transaction.entries.length, lotsMade.length]);
    for (const [index, entry] of transaction.entries.entries())
      expect(view.entryAt(index)).toMatchObject({
        ...{ kind: entry.kind, pointType: entry.pointType, points: entry.points },
        ...{ fromRole: entry.from.role, toRole: entry.to.role, expiresAt: entry.expiresAt },
      });
    const lots = [];
    for (let lot = view.firstLot(); lot !== undefined; lot = view.nextLot()) {
      const { availableAt, expiresAt, issued, amount } = lot;
      lots.push({ availableAt, expiresAt, issued, amount });
    }
    expect(lotsMade).toMatchObject(lots);
    expect(view.marks()).toEqual(marks);
  });

  it('may have any number of entries, lots and marks', () => {
    const { transaction, lotsMade } = issue;
    const times = 1_500;
    const entries = Array.from({ length: times }, () => transaction.entries[0] as LeafEntry);
    const lots = Array.from({ length: times }, () => lotsMade[0] as Leaf['lotsMade'][0]);
    const marks = Array.from({ length: 30 }, (_, index) => `counter ${'好'.repeat(999)} ${index}`);
    const large = { ...issue, transaction: { ...transaction, entries }, lotsMade: lots, marks };
    const json = showLeaf(bytesOf(large));
    expect([json.entries.length, json.lots.length]).toEqual([times, times]);
    expect([json.entries.at(-1), json.lots.at(-1)]).toEqual([json.entries[0], json.lots[0]]);
    expect(json.marks).toEqual(marks);
    expect(writeLeaf(json, new LeafWriter()).equals(bytesOf(large))).toBe(true);
  });

  it('digests the terms that travel with points, and no others', () => {
    const [lot] = issue.lotsMade as [Leaf['lotsMade'][0]];
    const digest = (change: Partial<typeof lot>): number | undefined =>
      new LeafView().read(bytesOf({ ...issue, lotsMade: [{ ...lot, ...change }] })).firstLot()
        ?.terms;
    const same = [{}, { id: lot.issuer }, { expiresAt: 7 }, { availableAt: 7 }, { issued: 7 }];
    expect(new Set(same.map(digest)).size).toBe(1);
    const [one, two] = ['one', 'two'].map((_, place) =>
      leaves[0]?.transaction.id.replace(/^./, `${place}`),
    );
    const others: Partial<typeof lot>[] = [
      { issuer: one as Uuid },
      { ruleVersion: two as Uuid },
      { unitCost: 7 },
      { unitCost: 8 },
      { evidence: 'ab'.repeat(32) },
      { funders: [{ merchant: one as Uuid, share: 1 }] },
      { funders: [{ merchant: one as Uuid, share: 2 }] },
      { funders: [{ merchant: two as Uuid, share: 1 }] },
    ];
    expect(new Set([{}, ...others].map(digest)).size).toBe(others.length + 1);
    expect(others.map(digest).every(Number.isSafeInteger)).toBe(true);
  });

  it('knows an absent value from every other', () => {
    const nothing = Buffer.from('8000000000000000', 'hex');
    expect(int64OrNull(nothing, 0)).toBeNull();
    expect(int64OrNull(Buffer.from('0000000000000005', 'hex'), 0)).toBe(5);
    expect(int64OrNull(Buffer.from('ffffffffffffffff', 'hex'), 0)).toBe(-1);
    expect(int64OrNull(Buffer.from('0000000100000000', 'hex'), 0)).toBe(2 ** 32);
    expect(int64OrNull(Buffer.from('8000000000000001', 'hex'), 0)).not.toBeNull();
    expect(isNil(Buffer.alloc(16), 0)).toBe(true);
    for (let place = 0; place < 16; place += 1) {
      const bytes = Buffer.alloc(16);
      bytes[place] = 1;
      expect(isNil(bytes, 0), `byte ${place}`).toBe(false);
    }
  });

  it('compares bytes where it is told to, to the last', () => {
    const a = Buffer.from('0011223344', 'hex');
    const b = Buffer.from('1122334455', 'hex');
    expect(equal(a, 1, b, 0, 4)).toBe(true);
    expect(equal(a, 0, b, 0, 1)).toBe(false);
    expect(equal(a, 1, b, 0, 5)).toBe(false);
    expect(equal(a, 0, b, 0, 0)).toBe(true);
  });
});

describe('a leaf as JSON', () => {
  it.each(leaves)('makes the same bytes again: $name', (vector) => {
    const bytes = bytesOf(vector);
    expect(writeLeaf(showLeaf(bytes), new LeafWriter())).toEqual(bytes);
  });

  it.each(leaves)('tells every field: $name', (vector) => {
    const { transaction: t, entryFirst, lotsMade, marks, commitment, refusalFacts } = vector;
    const json: LeafJson = {
      ...{ id: t.id, kind: KINDS[t.kind], programme: t.programme, pointType: t.pointType },
      ...{ member: t.member, points: t.points, effectiveAt: t.effectiveAt, merchant: t.merchant },
      ...{ subject: t.subject, sourceKind: t.source === null ? 0 : SOURCE_KINDS[t.source.kind] },
      ...{ source: t.source?.id ?? null, balanceAfter: t.balanceAfter, commitment, entryFirst },
      refusal: t.refusal === null ? '' : `${t.refusal.code} ${refusalFacts ?? ''}`,
      entries: t.entries.map((entry) => [
        ...([ENTRY_KINDS[entry.kind], entry.pointType] as const),
        ...([ROLES[entry.from.role], orNull(entry.from.owner)] as const),
        ...([ROLES[entry.to.role], orNull(entry.to.owner)] as const),
        ...([entry.points, entry.lot, entry.ref, entry.expiresAt] as const),
      ]),
      lots: lotsMade.map(({ funders, ...lot }) => ({
        ...lot,
        funders: (funders ?? []).map(({ merchant, share }) => [merchant, share] as const),
      })),
      marks,
    };
    expect(showLeaf(bytesOf(vector))).toEqual(json);
  });

  const json = showLeaf(bytesOf(issue));
  const written = (change: object) => () => writeLeaf({ ...json, ...change }, new LeafWriter());

  it('is refused when it is nothing of the kind', () => {
    expect(written({})).not.toThrow();
    for (const kind of [-1, 256, 1.5, Number.NaN]) {
      expect(written({ kind }), `kind ${kind}`).toThrow(RangeError);
      expect(written({ sourceKind: kind }), `source ${kind}`).toThrow(RangeError);
    }
    expect(written({ kind: 0, sourceKind: 255 })).not.toThrow();
    expect(written({ commitment: 'ab' })).toThrow('not 32 bytes');
    expect(written({ commitment: `${json.commitment}00` })).toThrow('not 32 bytes');
    expect(written({ member: 'nobody' })).toThrow();
    expect(written({ refusal: 'x'.repeat(0x1_0000) })).toThrow('too long');
    expect(written({ refusal: 'x'.repeat(0xffff) })).not.toThrow();
    const [entry] = json.entries;
    expect(written({ entries: [[256, ...(entry ?? []).slice(1)]] })).toThrow(RangeError);
  });
});

/** The platform's own accounts have the nil UUID, which reads as none. */
const orNull = (owner: Uuid | null): Uuid | null =>
  owner === '00000000-0000-0000-0000-000000000000' ? null : owner;

test('a writer grows with what is written, and begins anew', () => {
  const out = new LeafWriter();
  const chunk = Buffer.from(Array.from({ length: 1000 }, (_, index) => index % 251));
  for (let index = 0; index < 10; index += 1) {
    out.u8(7);
    out.raw(chunk, 100, 900);
    out.i64(-index);
  }
  const parts = Array.from({ length: 10 }, (_, index) => {
    const number = Buffer.alloc(8);
    number.writeBigInt64BE(BigInt(-index));
    return Buffer.concat([Buffer.of(7), chunk.subarray(100), number]);
  });
  expect(out.written()).toEqual(Buffer.concat(parts));
  out.begin();
  out.u16(0x1234);
  out.u32(0x89ab_cdef);
  out.zeros(3);
  out.i64(null);
  expect(out.written().toString('hex')).toBe('123489abcdef0000008000000000000000');
  out.begin().raw(chunk, 0, 1000);
  out.zeros(20_000);
  expect(out.written()).toEqual(Buffer.concat([chunk, Buffer.alloc(20_000)]));
});
