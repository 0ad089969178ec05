import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hex, Unencodable } from './bytes.ts';
import { hashLeaf, type Leaf, type LeafEntry, leafBytes } from './leaf.ts';
import { readLeaf } from './read-leaf.ts';

const uuid = fc.option(
  fc.uuid().filter((id) => !/^[0-]+$/.test(id)),
  { nil: null },
);
const value = fc.option(fc.maxSafeInteger(), { nil: null });
const byte = fc.integer({ min: 0, max: 255 });
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(hex);
const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const few = { maxLength: 3 };

const entry = fc.tuple(
  ...[byte, u32],
  ...[byte, uuid],
  ...[byte, uuid],
  ...[fc.maxSafeInteger(), uuid, uuid, value],
) as unknown as fc.Arbitrary<LeafEntry>;
const lot = fc.record({
  ...{ id: uuid, issuer: uuid, availableAt: value, expiresAt: value, issued: value },
  ...{ amount: value, unitCost: value, ruleVersion: uuid },
  evidence: fc.option(
    bytes32.filter((evidence) => !/^0+$/.test(evidence)),
    { nil: null },
  ),
  funders: fc.array(fc.tuple(uuid, value), few),
});
const leaf: fc.Arbitrary<Leaf> = fc.record({
  ...{ id: uuid, kind: byte, programme: u32, pointType: u32, member: uuid, points: value },
  ...{ effectiveAt: value, merchant: uuid, subject: uuid, sourceKind: byte, source: uuid },
  ...{ balanceAfter: value, commitment: bytes32, refusal: text, entryFirst: value },
  entries: fc.array(entry, few),
  lots: fc.array(lot, few),
  marks: fc.array(text, few),
});

it('whatever a leaf says can be read out of its bytes again', () => {
  fc.assert(
    fc.property(leaf, (said) => {
      expect(readLeaf(leafBytes(said))).toEqual(said);
    }),
  );
});

it('leaves that say different things have different hashes', () => {
  fc.assert(
    fc.property(leaf, leaf, fc.constantFrom(...Object.keys(LEAF_FIELDS)), (said, other, name) => {
      const field = name as keyof Leaf;
      const changed = { ...said, [field]: other[field] };
      const isSame = JSON.stringify(changed) === JSON.stringify(said);
      expect(hex(hashLeaf(changed)) === hex(hashLeaf(said))).toBe(isSame);
    }),
  );
});

/** Every field there is: the compiler misses one that is added. */
const LEAF_FIELDS: Record<keyof Leaf, true> = {
  ...{ id: true, kind: true, programme: true, pointType: true, member: true, points: true },
  ...{ effectiveAt: true, merchant: true, subject: true, sourceKind: true, source: true },
  ...{ balanceAfter: true, commitment: true, refusal: true, entryFirst: true, entries: true },
  ...{ lots: true, marks: true },
};

it('bytes that are no whole leaf are told', () => {
  fc.assert(
    fc.property(leaf, fc.nat(), (said, cut) => {
      const bytes = leafBytes(said);
      expect(() => readLeaf(bytes.subarray(0, cut % bytes.length))).toThrow(Unencodable);
      expect(() => readLeaf(Uint8Array.of(...bytes, 0))).toThrow(Unencodable);
    }),
  );
});

it('what the chain cannot hold is told, and not made to fit', () => {
  fc.assert(
    fc.property(
      leaf,
      fc.constantFrom<Partial<Record<keyof Leaf, unknown>>>(
        ...[{ kind: 256 }, { kind: -1 }, { programme: 1.5 }, { points: 2 ** 53 }],
        ...[{ points: Number.NaN }, { points: '5' }, { member: 'mem_01h455vb4pex5vsknk084sn02q' }],
        ...[{ commitment: '00' }, { commitment: 'XY'.repeat(32) }, { commitment: undefined }],
        ...[{ refusal: 'x'.repeat(0x1_0000) }, { entryFirst: undefined }],
      ),
      (said, wrong) => {
        expect(() => hashLeaf({ ...said, ...wrong } as Leaf)).toThrow(Unencodable);
      },
    ),
  );
});
