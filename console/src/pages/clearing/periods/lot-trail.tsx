import type { components } from '@hongmi/sdk';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { hongmi } from '../../../app/api.ts';
import { useMay } from '../../../app/session.ts';
import type { Column } from '../../../design/column.ts';
import { Loaded } from '../../../design/loaded.tsx';
import { Facts } from '../../../design/page.tsx';
import { Table } from '../../../design/table.tsx';
import { Code, None, Points, When } from '../../../design/values.tsx';
import { PointType, usePointScale } from '../point-type.tsx';
import { Party } from '../values.tsx';

const words = wordsOf({
  zh: {
    issuer: '发分商家',
    type: '积分',
    issued: '发出',
    remaining: '剩余',
    member: '会员',
    expires: '有效期至',
    steps: '经过',
    at: '时间',
    kind: '动作',
    where: '商家',
    points: '数量',
    left: '之后剩余',
    for: '凭据',
    kinds: {
      issue: '发放',
      burn: '使用',
      hold: '冻结',
      capture: '冻结后使用',
      release: '解冻',
      expire: '过期',
      mature: '到账',
      return: '退货收回',
      refund: '退回',
      adjust: '更正',
      transfer_out: '转出',
      transfer_in: '转入',
      transfer_return: '转赠退回',
      convert: '兑换为其他积分',
      cut: '清算切分',
      claw_back: '扣回',
    },
  },
  en: {
    issuer: 'Given by',
    type: 'Points',
    issued: 'Issued',
    remaining: 'Left',
    member: 'Member',
    expires: 'Valid until',
    steps: 'What happened',
    at: 'When',
    kind: 'What',
    where: 'Merchant',
    points: 'Number',
    left: 'Left after it',
    for: 'For',
    kinds: {
      issue: 'Issued',
      burn: 'Used',
      hold: 'Held',
      capture: 'Held, then used',
      release: 'Released',
      expire: 'Lapsed',
      mature: 'Became usable',
      return: 'Goods came back',
      refund: 'Refunded',
      adjust: 'Corrected',
      transfer_out: 'Given away',
      transfer_in: 'Received',
      transfer_return: 'Gift returned',
      convert: 'Turned into other points',
      cut: 'Cut for clearing',
      claw_back: 'Clawed back',
    },
  },
});

type Step = components['schemas']['TrailStep'];

/** Points from their making to everything that consumed them. */
export function LotTrail({
  id,
  names,
}: {
  readonly id: string;
  readonly names: ReadonlyMap<string, string>;
}) {
  const t = useWords(words);
  const may = useMay();
  const scaleOf = usePointScale();
  const query = useQuery({
    queryKey: ['trail', id],
    queryFn: ({ signal }) => hongmi.getTrail({ id }, { signal }),
  });
  return (
    <Loaded query={query}>
      {({ lot, summary }) => {
        const scale = scaleOf(lot.pointType);
        return (
          <div className="hm-stack">
            <Facts
              rows={[
                [t.issuer, <Party key="i" id={lot.issuerId} names={names} />],
                [t.type, <PointType key="t" code={lot.pointType} />],
                [t.issued, <Points key="n" value={summary.issued} scale={scale} />],
                [t.remaining, <Points key="r" value={summary.remaining} scale={scale} />],
                [
                  t.member,
                  may('members:read') ? (
                    <Link key="m" href={`~/console/members/${lot.memberId}`}>
                      <Code short>{lot.memberId}</Code>
                    </Link>
                  ) : null,
                ],
                [t.expires, lot.expiresAt ? <When key="e" at={lot.expiresAt} /> : null],
              ]}
            />
            <Steps id={id} scale={scale} names={names} />
          </div>
        );
      }}
    </Loaded>
  );
}

function Steps({
  id,
  scale,
  names,
}: {
  readonly id: string;
  readonly scale: number;
  readonly names: ReadonlyMap<string, string>;
}) {
  const t = useWords(words);
  const columns: readonly Column<Step>[] = [
    { key: 'at', title: t.at, render: ({ at }) => <When at={at} /> },
    { key: 'kind', title: t.kind, render: ({ kind }) => t.kinds[kind] },
    {
      key: 'where',
      title: t.where,
      render: ({ merchantId }) =>
        merchantId === undefined ? <None /> : <Party id={merchantId} names={names} />,
    },
    {
      key: 'points',
      title: t.points,
      align: 'right',
      render: ({ points }) => <Points value={points} scale={scale} />,
    },
    {
      key: 'left',
      title: t.left,
      align: 'right',
      render: ({ remaining }) => <Points value={remaining} scale={scale} />,
    },
    {
      key: 'for',
      title: t.for,
      render: ({ orderNo, redemptionId, transactionId }) => (
        <Code short>{orderNo ?? redemptionId ?? transactionId}</Code>
      ),
    },
  ];
  return (
    <Table
      label={t.steps}
      columns={columns}
      rowKey={({ transactionId, entry, recordedAt }) => `${transactionId} ${entry} ${recordedAt}`}
      queryKey={['trail-steps', id]}
      load={async (cursor, signal) => {
        const { steps, nextCursor } = await hongmi.getTrail({ id, cursor }, { signal });
        return { items: steps, nextCursor };
      }}
    />
  );
}
