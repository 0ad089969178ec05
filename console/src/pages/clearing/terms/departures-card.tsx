import type { Item } from '@hongmi/sdk';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { laterPart } from '@hongmi/ui/later-part.tsx';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { hongmi } from '../../../app/api.ts';
import { useMay } from '../../../app/session.ts';
import type { Column } from '../../../design/column.ts';
import { Dialog } from '../../../design/dialog.tsx';
import { Loaded } from '../../../design/loaded.tsx';
import { Card } from '../../../design/page.tsx';
import { PlainTable, Table } from '../../../design/table.tsx';
import { Tag } from '../../../design/tag.tsx';
import { Points, When } from '../../../design/values.tsx';
import { useCode, useMe } from '../me.ts';
import { PointType, usePointScale } from '../point-type.tsx';
import { Exact, Party } from '../values.tsx';
import { words } from './words.ts';

const AnnounceDeparture = laterPart(() => import('./announce-departure.tsx'), 'AnnounceDeparture');
const WithReason = laterPart(() => import('../with-reason.tsx'), 'WithReason');

type Departure = Item<'listDepartures'>;
const TOUCHES = [['departures'], ['prices']];

/** Merchants that leave, and what they gave that is still out there. */
export function DeparturesCard() {
  const t = useWords(words);
  const code = useCode();
  const may = useMay();
  const { merchantId: own, name: actor } = useMe();
  const [isNew, setNew] = useState(false);
  const [shown, setShown] = useState<string>();
  const [ended, setEnded] = useState<Departure>();
  const isWriter = may('clearing:write') && own === null;
  const columns = useColumns(setShown, isWriter ? setEnded : undefined);
  const endWord = ended?.hasLeft ? t.return : t.stay;
  return (
    <Card
      title={t.departures}
      flush
      actions={isWriter ? <Button onClick={() => setNew(true)}>{t.leave}</Button> : undefined}
    >
      <Table
        label={t.departures}
        columns={columns}
        rowKey={({ merchantId, announcedAt }) => `${merchantId} ${announcedAt}`}
        queryKey={['departures', code]}
        load={(cursor, signal) =>
          hongmi.listDepartures({ programme: code, cursor, limit: 50 }, { signal })
        }
        empty={<Empty title={t.noDepartures}>{t.departuresAbout}</Empty>}
      />
      <Dialog title={t.leave} isOpen={isNew} onClose={() => setNew(false)}>
        <AnnounceDeparture onClose={() => setNew(false)} />
      </Dialog>
      <Dialog
        title={t.outstanding}
        isOpen={shown !== undefined}
        onClose={() => setShown(undefined)}
      >
        {shown === undefined ? null : <Outstanding merchantId={shown} />}
      </Dialog>
      <Dialog title={endWord} isOpen={ended !== undefined} onClose={() => setEnded(undefined)}>
        {ended === undefined ? null : (
          <WithReason
            draft={`departure-${ended.merchantId}`}
            submit={endWord}
            run={async (reason, idempotencyKey) => {
              const asked = { merchantId: ended.merchantId, reason, actor };
              if (ended.hasLeft) await hongmi.endDeparture(asked, { idempotencyKey });
              else await hongmi.withdrawDeparture(asked, { idempotencyKey });
            }}
            touches={TOUCHES}
            onClose={() => setEnded(undefined)}
          />
        )}
      </Dialog>
    </Card>
  );
}

function useColumns(
  show: (merchantId: string) => void,
  end: ((departure: Departure) => void) | undefined,
): readonly Column<Departure>[] {
  const t = useWords(words);
  return [
    {
      key: 'merchant',
      title: t.only,
      render: ({ merchantId }) => <Party id={merchantId} />,
    },
    {
      key: 'state',
      title: t.state,
      render: ({ hasLeft }) => (
        <Tag tone={hasLeft ? 'plain' : 'warn'}>{hasLeft ? t.left : t.leaving}</Tag>
      ),
    },
    { key: 'at', title: t.leaveAt, render: ({ at }) => <When at={at} /> },
    {
      key: 'reason',
      title: t.reason,
      render: ({ reason }) => <div className="hm-clip">{reason}</div>,
    },
    { key: 'actor', title: t.actor, render: ({ actor }) => actor },
    {
      key: 'actions',
      title: t.actions,
      render: (departure) => (
        <span className="hm-actions">
          <Button size="small" onClick={() => show(departure.merchantId)}>
            {t.show}
          </Button>
          {end === undefined ? null : (
            <Button size="small" onClick={() => end(departure)}>
              {departure.hasLeft ? t.return : t.stay}
            </Button>
          )}
        </span>
      ),
    },
  ];
}

function Outstanding({ merchantId }: { readonly merchantId: string }) {
  const t = useWords(words);
  const scaleOf = usePointScale();
  const query = useQuery({
    queryKey: ['departures', 'one', merchantId],
    queryFn: ({ signal }) => hongmi.getDeparture({ merchantId }, { signal }),
  });
  return (
    <Loaded query={query}>
      {({ outstanding }) => (
        <PlainTable
          label={t.outstanding}
          rows={outstanding}
          rowKey={({ pointType }) => pointType}
          columns={[
            {
              key: 'type',
              title: t.type,
              render: ({ pointType }) => <PointType code={pointType} />,
            },
            {
              key: 'points',
              title: t.outstanding,
              align: 'right',
              render: ({ points, pointType }) => (
                <Points value={points} scale={scaleOf(pointType)} />
              ),
            },
            {
              key: 'cost',
              title: t.cost,
              align: 'right',
              render: ({ costMicroFen }) => <Exact microFen={costMicroFen} />,
            },
          ]}
        />
      )}
    </Loaded>
  );
}
