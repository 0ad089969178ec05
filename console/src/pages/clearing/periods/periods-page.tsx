import { Empty } from '@hongmi/ui/empty.tsx';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { laterPart } from '@hongmi/ui/later-part.tsx';
import { useIsUnderWay, useWrite } from '@hongmi/ui/write.ts';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { Link } from 'wouter';
import { hongmi } from '../../../app/api.ts';
import { useMay } from '../../../app/session.ts';
import type { Column } from '../../../design/column.ts';
import { Dialog } from '../../../design/dialog.tsx';
import { FailureAlert } from '../../../design/failure-shown.tsx';
import { Loaded } from '../../../design/loaded.tsx';
import { Card, Page } from '../../../design/page.tsx';
import { PlainTable } from '../../../design/table.tsx';
import { Code, None, When } from '../../../design/values.tsx';
import { useCode } from '../me.ts';
import { CLOSING_POLL_MS, type Period, PeriodState } from './period-state.tsx';
import { words } from './words.ts';

const ClosePeriod = laterPart(() => import('./close-period.tsx'), 'ClosePeriod');
const Closing = laterPart(() => import('./closing.tsx'), 'Closing');

/** A close of many lines takes a minute; the answer comes when it is done. */
const CLOSE_MS = 600_000;

export function PeriodsPage() {
  const t = useWords(words);
  const may = useMay();
  const code = useCode();
  const [isClosing, setClosing] = useState(false);
  // Sent from here, so that the form may go while it runs; who leaves the page finds it in the list again.
  const close = useWrite(
    (until: string, idempotencyKey) =>
      hongmi.closeClearingPeriod(
        { programme: code, until },
        { idempotencyKey, timeoutMs: CLOSE_MS },
      ),
    { touches: [['clearing-periods'], ['book-periods']], name: ['close-period', code] },
  );
  const isSending = useIsUnderWay(['close-period', code]);
  const query = useQuery({
    queryKey: ['clearing-periods', code],
    queryFn: () => hongmi.pages('listClearingPeriods', { programme: code }).all(),
    refetchInterval: ({ state }) => {
      const isUnderWay = state.data?.some((each) => each.state === 'closing') ?? false;
      return isUnderWay || isSending ? CLOSING_POLL_MS : false;
    },
  });
  const columns = useColumns();
  return (
    <Page
      title={t.title}
      about={t.about}
      actions={
        may('clearing:write') ? (
          <Button type="primary" onClick={() => setClosing(true)}>
            {t.close}
          </Button>
        ) : undefined
      }
    >
      {close.failure === undefined ? null : <FailureAlert failure={close.failure} />}
      <Loaded query={query}>
        {(periods) => (
          <>
            {periods
              .filter(({ state }) => state === 'closing')
              .map((period) => (
                <Card key={period.id}>
                  <Closing period={period} />
                </Card>
              ))}
            <Card flush>
              <PlainTable
                label={t.title}
                columns={columns}
                rowKey={({ id }) => id}
                rows={[...periods].reverse()}
                exportAs="clearing-periods"
                empty={<Empty title={t.empty}>{t.emptyWhy}</Empty>}
              />
            </Card>
          </>
        )}
      </Loaded>
      <Dialog title={t.close} isOpen={isClosing} onClose={() => setClosing(false)}>
        <ClosePeriod
          last={query.data?.at(-1)}
          onSure={(until) => {
            setClosing(false);
            void close.send(until);
          }}
          onCancel={() => setClosing(false)}
        />
      </Dialog>
    </Page>
  );
}

function useColumns(): readonly Column<Period>[] {
  const t = useWords(words);
  const f = useFormat();
  return [
    {
      key: 'number',
      title: t.column,
      render: ({ id, number }) => <Link href={`/periods/${id}`}>{t.number(f.number(number))}</Link>,
      value: ({ number }) => number,
      sortable: true,
    },
    {
      key: 'from',
      title: t.from,
      render: ({ from }) => <When at={from} />,
      value: ({ from }) => from,
    },
    {
      key: 'until',
      title: t.until,
      render: ({ until }) => <When at={until} />,
      value: ({ until }) => until,
      sortable: true,
    },
    {
      key: 'state',
      title: t.state,
      render: ({ state }) => <PeriodState state={state} />,
      value: ({ state }) => t[state],
    },
    {
      key: 'closedAt',
      title: t.closedAt,
      render: ({ closedAt }) => (closedAt === null ? <None /> : <When at={closedAt} />),
      value: ({ closedAt }) => closedAt,
    },
    {
      key: 'sha',
      title: t.sha,
      render: ({ figuresSha256 }) =>
        figuresSha256 === null ? <None /> : <Code short>{figuresSha256}</Code>,
      value: ({ figuresSha256 }) => figuresSha256,
    },
  ];
}
