import type { Item } from '@hongmi/sdk';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { laterPart } from '@hongmi/ui/later-part.tsx';
import { useIsUnderWay, useWrite } from '@hongmi/ui/write.ts';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { Link } from 'wouter';
import { hongmi } from '../../app/api.ts';
import type { Programme } from '../../app/programme.tsx';
import { useMay } from '../../app/session.ts';
import type { Column } from '../../design/column.ts';
import { FailureAlert } from '../../design/failure-shown.tsx';
import { Loaded } from '../../design/loaded.tsx';
import { useAsk } from '../../design/notices.tsx';
import { Card, Page } from '../../design/page.tsx';
import { PlainTable } from '../../design/table.tsx';
import { Code, When } from '../../design/values.tsx';
import { EstimatesCard } from './estimates-card.tsx';
import { ClosingLiability } from './liability.tsx';
import { words } from './words.ts';

const ValuesCard = laterPart(() => import('./values-card.tsx'), 'ValuesCard');

type Period = Item<'listBookPeriods'>;
/** Closing works through every entry since the last one. */
const CLOSE_MS = 600_000;

export function BooksPage({ programme }: { readonly programme: Programme }) {
  const t = useWords(words);
  const { code } = programme;
  const query = useQuery({
    queryKey: ['book-periods', code],
    queryFn: () => hongmi.pages('listBookPeriods', { programme: code }).all(),
  });
  const columns = useColumns();
  return (
    <Page title={t.title} about={t.about} actions={<CloseBooks programme={programme} />}>
      <Loaded query={query}>
        {(periods) => {
          const last = periods.at(-1);
          return (
            <>
              {last === undefined ? null : <ClosingLiability id={last.id} />}
              <Card title={t.periods} flush>
                <PlainTable
                  label={t.periods}
                  columns={columns}
                  rowKey={({ id }) => id}
                  rows={[...periods].reverse()}
                  exportAs="book-periods"
                  empty={<Empty title={t.none}>{t.noneWhy}</Empty>}
                />
              </Card>
            </>
          );
        }}
      </Loaded>
      <EstimatesCard programme={programme} />
      <ValuesCard programme={programme} />
    </Page>
  );
}

/** Rehearsed first, so that it is known as far as where. */
function CloseBooks({ programme: { code, timeZone } }: { readonly programme: Programme }) {
  const t = useWords(words);
  const f = useFormat();
  const may = useMay();
  const ask = useAsk();
  const rehearsal = useWrite((programme: string, idempotencyKey) =>
    hongmi.closeBooks({ programme, dryRun: true }, { idempotencyKey, timeoutMs: CLOSE_MS }),
  );
  const close = useWrite(
    (programme: string, idempotencyKey) =>
      hongmi.closeBooks({ programme }, { idempotencyKey, timeoutMs: CLOSE_MS }),
    { touches: [['book-periods']], name: ['close-books', code] },
  );
  const isClosing = useIsUnderWay(['close-books', code]);
  if (!may('books:write')) return null;

  async function begin(): Promise<void> {
    close.clear();
    const found = await rehearsal.send(code);
    if (found === undefined) return;
    const about = (
      <>
        <p>{t.closeAbout}</p>
        <strong>{t.closeFound(f.number(found.number), f.instant(found.until, timeZone))}</strong>
      </>
    );
    if (await ask({ title: t.closeAsk, about, yes: t.sure, danger: true })) await close.send(code);
  }

  const failure = rehearsal.failure ?? close.failure;
  return (
    <>
      <Button loading={rehearsal.isSending || isClosing} onClick={() => void begin()}>
        {t.close}
      </Button>
      {failure === undefined ? null : <FailureAlert failure={failure} />}
    </>
  );
}

function useColumns(): readonly Column<Period>[] {
  const t = useWords(words);
  const f = useFormat();
  return [
    {
      key: 'number',
      title: t.period,
      render: ({ id, number }) => <Link href={`/${id}`}>{t.number(f.number(number))}</Link>,
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
      key: 'closed',
      title: t.closedAt,
      render: ({ closedAt }) => <When at={closedAt} />,
      value: ({ closedAt }) => closedAt,
    },
    {
      key: 'hash',
      title: t.hash,
      render: ({ figuresHash }) => <Code short>{figuresHash}</Code>,
      value: ({ figuresHash }) => figuresHash,
    },
  ];
}
