import type { Item } from '@hongmi/sdk';
import { useFilter } from '@hongmi/ui/address.ts';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { laterPart } from '@hongmi/ui/later-part.tsx';
import { Button } from 'antd';
import { useState } from 'react';
import { hongmi } from '../../../app/api.ts';
import { useMerchantNames } from '../../../app/names.ts';
import { useMay } from '../../../app/session.ts';
import type { Column } from '../../../design/column.ts';
import { Dialog } from '../../../design/dialog.tsx';
import { Card } from '../../../design/page.tsx';
import { Table } from '../../../design/table.tsx';
import { Code, None, Price, When } from '../../../design/values.tsx';
import { usePointColumns } from '../point-columns.tsx';
import { Exact, Party } from '../values.tsx';
import { words } from './statement-words.ts';

const RaiseDispute = laterPart(() => import('../disputes/raise-dispute.tsx'), 'RaiseDispute');
const LotTrail = laterPart(() => import('./lot-trail.tsx'), 'LotTrail');

type Line = Item<'listClearingStatementLines'>;

/** Every lot whose points were used; of one pair alone when the address names it. From here a line is followed, or disputed. */
export function StatementLines({
  id,
  merchant,
  names,
}: {
  readonly id: string;
  readonly merchant: string;
  readonly names: ReadonlyMap<string, string>;
}) {
  const t = useWords(words);
  const may = useMay();
  const known = useMerchantNames();
  const [payer, setPayer] = useFilter('payer');
  const [taker, setTaker] = useFilter('taker');
  const [lot, setLot] = useState<string>();
  const [disputed, setDisputed] = useState<Line>();
  const columns = useColumns(names, {
    ...(may('points:read') && { follow: (line: Line) => setLot(line.lotId) }),
    ...(may('disputes:write') && merchant !== 'platform' && { dispute: setDisputed }),
  });
  const nameOf = (party: string): string => names.get(party) ?? known.get(party) ?? party;
  return (
    <div id="lines">
      <Card
        title={t.linesTitle}
        flush
        actions={
          payer === undefined || taker === undefined ? undefined : (
            <>
              <span className="hm-soft">{t.filtered(nameOf(payer), nameOf(taker))}</span>
              <Button
                size="small"
                onClick={() => {
                  setPayer(undefined);
                  setTaker(undefined);
                }}
              >
                {t.all}
              </Button>
            </>
          )
        }
      >
        <Table
          label={t.linesTitle}
          columns={columns}
          rowKey={({ line }) => line}
          queryKey={['clearing-lines', id, merchant, payer, taker]}
          load={(cursor, signal) =>
            hongmi.listClearingStatementLines(
              { id, merchant, payer, taker, cursor, limit: 50 },
              { signal },
            )
          }
          exportAs={`lines-${id}`}
          empty={<Empty title={t.noLines} />}
        />
      </Card>
      <Dialog
        title={t.trailOf}
        isOpen={lot !== undefined}
        onClose={() => setLot(undefined)}
        width={820}
      >
        {lot === undefined ? null : <LotTrail id={lot} names={names} />}
      </Dialog>
      <Dialog
        title={t.raise}
        isOpen={disputed !== undefined}
        onClose={() => setDisputed(undefined)}
      >
        {disputed === undefined ? null : (
          <RaiseDispute
            periodId={id}
            merchantId={merchant}
            line={disputed.line}
            onClose={() => setDisputed(undefined)}
          />
        )}
      </Dialog>
    </div>
  );
}

function useColumns(
  names: ReadonlyMap<string, string>,
  {
    follow,
    dispute,
  }: {
    readonly follow?: ((line: Line) => void) | undefined;
    readonly dispute?: ((line: Line) => void) | undefined;
  },
): readonly Column<Line>[] {
  const t = useWords(words);
  const ofPoints = usePointColumns();
  const exact = (
    key: 'owedMicroFen' | 'dueMicroFen' | 'feeMicroFen',
    title: string,
  ): Column<Line> => ({
    key,
    title,
    render: (line) => <Exact microFen={line[key]} />,
    value: (line) => line[key],
    align: 'right',
  });
  return [
    {
      key: 'at',
      title: t.at,
      render: ({ effectiveAt }) => <When at={effectiveAt} />,
      value: ({ effectiveAt }) => effectiveAt,
    },
    { key: 'kind', title: t.kind, render: ({ kind }) => t[kind], value: ({ kind }) => t[kind] },
    {
      key: 'payer',
      title: t.giver,
      render: ({ payer }) => <Party id={payer} names={names} />,
      value: ({ payer }) => names.get(payer) ?? payer,
    },
    {
      key: 'taker',
      title: t.taker,
      render: ({ taker }) => <Party id={taker} names={names} />,
      value: ({ taker }) => names.get(taker) ?? taker,
    },
    ...ofPoints(t.type, t.points),
    {
      key: 'price',
      title: t.price,
      render: ({ priceMicroFen }) =>
        priceMicroFen === null ? <None /> : <Price microFen={priceMicroFen} />,
      value: ({ priceMicroFen }) => priceMicroFen,
      align: 'right',
    },
    exact('owedMicroFen', t.owed),
    exact('dueMicroFen', t.due),
    exact('feeMicroFen', t.fee),
    {
      key: 'member',
      title: t.who,
      render: ({ member }) => <Code short>{member}</Code>,
      value: ({ member }) => member,
    },
    {
      key: 'reference',
      title: t.reference,
      render: ({ reference }) => (reference === null ? <None /> : <Code short>{reference}</Code>),
      value: ({ reference }) => reference,
    },
    {
      key: 'line',
      title: t.lines,
      render: (line) => (
        <span className="hm-inline">
          <Code>{line.line}</Code>
          {follow === undefined ? null : (
            <Button type="link" size="small" onClick={() => follow(line)}>
              {t.toTrail}
            </Button>
          )}
          {dispute === undefined ? null : (
            <Button type="link" size="small" onClick={() => dispute(line)}>
              {t.raise}
            </Button>
          )}
        </span>
      ),
      value: ({ line }) => line,
    },
  ];
}
