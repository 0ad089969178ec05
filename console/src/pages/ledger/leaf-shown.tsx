import type { Leaf, LeafEntry, LeafLot } from '@hongmi/sdk/verify';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { Facts } from '../../design/page.tsx';
import { PlainTable } from '../../design/table.tsx';
import { Tag } from '../../design/tag.tsx';
import { Code, None, Points, Price, When } from '../../design/values.tsx';
import { chainWords } from './chain-words.ts';
import { MemberId, MerchantId, Side, ThingId } from './named.tsx';
import { ledgerWords } from './words.ts';

const words = wordsOf({
  zh: {
    id: '交易',
    member: '会员',
    merchant: '商家',
    points: '积分',
    effectiveAt: '生效时间',
    balanceAfter: '之后的余额',
    subject: '针对的交易',
    source: '来源',
    refusal: '拒绝原因',
    refused: '被拒',
    marks: '计入',
    commitment: '承诺值',
    commitmentWhy: '幂等键和附言不在链上，链上只有它们加盐的哈希；抹除附言之后它仍在。',
    leaf: '叶子哈希',
    erased: '附言已抹除',
    moves: '积分的去向',
    noMoves: '没有移动积分',
    entry: '分录',
    from: '从',
    to: '到',
    lot: '批次',
    lots: '产生的批次',
    issuer: '发行方',
    issued: '发放',
    amount: '起始',
    available: '可用自',
    expires: '到期',
    never: '永不',
    unitCost: '单位成本',
    funders: '出资',
    raw: '原文（与导出相同）',
  },
  en: {
    id: 'Transaction',
    member: 'Member',
    merchant: 'Merchant',
    points: 'Points',
    effectiveAt: 'Took effect',
    balanceAfter: 'Balance after',
    subject: 'Acts on',
    source: 'Source',
    refusal: 'Refused because',
    refused: 'refused',
    marks: 'Counted on',
    commitment: 'Commitment',
    commitmentWhy:
      'Idempotency key and free text are not in the chain, only a salted hash of them; it stays when the text is erased.',
    leaf: 'Leaf hash',
    erased: 'its text was erased',
    moves: 'Where points went',
    noMoves: 'No points moved',
    entry: 'Entry',
    from: 'From',
    to: 'To',
    lot: 'Lot',
    lots: 'Lots made',
    issuer: 'Issuer',
    issued: 'Issued',
    amount: 'Began with',
    available: 'Available',
    expires: 'Expires',
    never: 'never',
    unitCost: 'Unit cost',
    funders: 'Funded by',
    raw: 'As it stands (the same as in the export)',
  },
});

const at = (ms: number): string => new Date(ms).toISOString();
/** No instant that a clock shows: a row that was tampered with may say anything. */
const isShown = (ms: number | null): ms is number => ms !== null && Math.abs(ms) <= 8.64e15;

export function Instant({ ms }: { readonly ms: number | null }) {
  return isShown(ms) ? <When at={at(ms)} /> : <None />;
}

/** What kind of transaction it is, and whether it came about. */
export function KindShown({ leaf }: { readonly leaf: Pick<Leaf, 'kind' | 'refusal'> }) {
  const t = useWords(words);
  const c = useWords(chainWords);
  return (
    <span>
      {c.kind(leaf.kind)} {leaf.refusal === '' ? null : <Tag tone="warn">{t.refused}</Tag>}
    </span>
  );
}

/** A transaction as the chain has it, in words. */
export function LeafFacts({
  leaf,
  hash,
  isErased = false,
}: {
  readonly leaf: Leaf;
  readonly hash?: string;
  readonly isErased?: boolean;
}) {
  const t = useWords(words);
  const c = useWords(chainWords);
  const { sourceKind, source } = leaf;
  return (
    <div className="hm-stack">
      <Facts
        rows={[
          [t.id, <ThingId key="id" prefix="txn" uuid={leaf.id} />],
          [t.member, <MemberId key="member" uuid={leaf.member} />],
          [t.merchant, <MerchantId key="merchant" uuid={leaf.merchant} />],
          [t.points, leaf.points === null ? null : <Points key="points" value={leaf.points} />],
          [
            t.balanceAfter,
            leaf.balanceAfter === null ? null : <Points key="after" value={leaf.balanceAfter} />,
          ],
          [t.effectiveAt, <Instant key="at" ms={leaf.effectiveAt} />],
          [t.subject, leaf.subject && <ThingId key="subject" prefix="txn" uuid={leaf.subject} />],
          [t.source, sourceKind === 0 ? null : `${c.source(sourceKind)} ${source ?? ''}`],
          [t.refusal, leaf.refusal && <Code key="refusal">{leaf.refusal}</Code>],
          [
            t.marks,
            leaf.marks.length === 0 ? null : <Code key="marks">{leaf.marks.join(' · ')}</Code>,
          ],
        ]}
      />
      <EntryTable entries={leaf.entries} />
      {leaf.lots.length === 0 ? null : <LotTable lots={leaf.lots} />}
      <Facts
        rows={[
          [t.leaf, hash === undefined ? null : <Code key="leaf">{hash}</Code>],
          [t.commitment, <Code key="commitment">{leaf.commitment}</Code>],
        ]}
      />
      <div className="hm-soft">{isErased ? t.erased : t.commitmentWhy}</div>
      <details>
        <summary>{t.raw}</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
        <pre className="hm-raw hm-code" tabIndex={0}>
          {JSON.stringify(leaf, null, 1)}
        </pre>
      </details>
    </div>
  );
}

function EntryTable({ entries }: { readonly entries: readonly LeafEntry[] }) {
  const t = useWords(words);
  const c = useWords(chainWords);
  if (entries.length === 0) return <p className="hm-soft">{t.noMoves}</p>;
  const rows = entries.map((entry, place) => ({ entry, place }));
  return (
    <PlainTable<(typeof rows)[number]>
      label={t.moves}
      rows={rows}
      rowKey={({ place }) => String(place)}
      columns={[
        {
          key: 'kind',
          title: t.entry,
          render: ({ entry: [kind] }) => c.entry(kind),
        },
        {
          key: 'points',
          title: t.points,
          align: 'right',
          render: ({ entry }) => <Points value={entry[6]} />,
        },
        {
          key: 'from',
          title: t.from,
          render: ({ entry: [, , role, owner] }) => <Side role={role} owner={owner} />,
        },
        {
          key: 'to',
          title: t.to,
          render: ({ entry: [, , , , role, owner] }) => <Side role={role} owner={owner} />,
        },
        {
          key: 'lot',
          title: t.lot,
          render: ({ entry }) => <ThingId prefix="lot" uuid={entry[7]} />,
        },
        {
          key: 'expires',
          title: t.expires,
          render: ({ entry }) => <Instant ms={entry[9]} />,
        },
      ]}
    />
  );
}

function LotTable({ lots }: { readonly lots: readonly LeafLot[] }) {
  const t = useWords(words);
  const f = useFormat();
  const w = useWords(ledgerWords);
  return (
    <PlainTable<LeafLot>
      label={t.lots}
      rows={lots}
      rowKey={({ id }) => id ?? w.number}
      columns={[
        { key: 'id', title: t.lots, render: ({ id }) => <ThingId prefix="lot" uuid={id} /> },
        { key: 'issuer', title: t.issuer, render: ({ issuer }) => <MerchantId uuid={issuer} /> },
        {
          key: 'issued',
          title: t.issued,
          align: 'right',
          render: ({ issued }) => (issued === null ? <None /> : <Points value={issued} />),
        },
        {
          key: 'amount',
          title: t.amount,
          align: 'right',
          render: ({ amount }) => (amount === null ? <None /> : <Points value={amount} />),
        },
        {
          key: 'available',
          title: t.available,
          render: ({ availableAt }) => <Instant ms={availableAt} />,
        },
        {
          key: 'expires',
          title: t.expires,
          render: ({ expiresAt }) =>
            expiresAt === null ? (
              <span className="hm-soft">{t.never}</span>
            ) : (
              <Instant ms={expiresAt} />
            ),
        },
        {
          key: 'unitCost',
          title: t.unitCost,
          align: 'right',
          render: ({ unitCost }) => (unitCost === null ? <None /> : <Price microFen={unitCost} />),
        },
        {
          key: 'funders',
          title: t.funders,
          render: ({ funders }) =>
            funders.length === 0 ? (
              <None />
            ) : (
              <ul className="hm-moves">
                {funders.map(([merchant, share]) => (
                  <li key={merchant}>
                    <MerchantId uuid={merchant} /> {f.number(share ?? 0)}
                  </li>
                ))}
              </ul>
            ),
        },
      ]}
    />
  );
}
