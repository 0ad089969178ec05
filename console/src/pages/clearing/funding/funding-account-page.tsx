import type { Item } from '@hongmi/sdk';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { laterPart } from '@hongmi/ui/later-part.tsx';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { Link } from 'wouter';
import { hongmi } from '../../../app/api.ts';
import { useMerchantNames } from '../../../app/names.ts';
import { useMay } from '../../../app/session.ts';
import type { Column } from '../../../design/column.ts';
import { Dialog } from '../../../design/dialog.tsx';
import { Loaded } from '../../../design/loaded.tsx';
import { Card, Facts, Figure, Page } from '../../../design/page.tsx';
import { Table } from '../../../design/table.tsx';
import { Code, Money, When } from '../../../design/values.tsx';
import { BalanceBar } from './balance-bar.tsx';
import type { FundingAccount, FundingAct } from './book-entry.tsx';
import { AccountState } from './funding-page.tsx';
import { words } from './words.ts';

const BookEntry = laterPart(() => import('./book-entry.tsx'), 'BookEntry');
const ChangeAlert = laterPart(() => import('./book-entry.tsx'), 'ChangeAlert');

type Entry = Item<'listFundingEntries'>;

export function FundingAccountPage({ id }: { readonly id: string }) {
  const t = useWords(words);
  const names = useMerchantNames();
  const query = useQuery({
    queryKey: ['funding-accounts', 'one', id],
    queryFn: ({ signal }) => hongmi.getFundingAccount({ id }, { signal }),
  });
  return (
    <Loaded query={query}>
      {(account) => (
        <Page
          above={<Link href="/funding">{t.above}</Link>}
          title={t.one(names.get(account.merchantId) ?? '')}
          about={<AccountState {...account} />}
          actions={<Actions account={account} />}
        >
          <div className="hm-figures">
            <Figure name={t.available} value={<Money fen={account.availableFen} />} />
            <Figure name={t.outstanding} value={<Money fen={account.outstandingFen} />} />
            <Figure name={t.used} value={<Money fen={account.usedFen} />} />
            <Figure name={t.withdrawable} value={<Money fen={account.withdrawableFen} />} />
          </div>
          <Card title={t.bar}>
            <div className="hm-stack">
              <BalanceBar account={account} />
              <Parts account={account} />
              <p className="hm-soft">{t.formula}</p>
            </div>
          </Card>
          <Entries id={id} />
        </Page>
      )}
    </Loaded>
  );
}

function Parts({ account }: { readonly account: FundingAccount }) {
  const t = useWords(words);
  const money = (fen: number) => <Money key={fen} fen={fen} />;
  return (
    <Facts
      rows={[
        [t.deposited, money(account.depositedFen)],
        [t.paidOut, money(account.paidOutFen)],
        [t.settled, money(account.settledFen)],
        [t.credit, money(account.creditLineFen)],
        [t.drawn, money(account.drawnFen)],
        [t.released, money(account.releasedFen)],
        [t.kept, money(account.keptFen)],
        [t.alert, money(account.alertFen)],
        [t.from, <When key="from" at={account.from} />],
        [t.opened, <When key="opened" at={account.openedAt} />],
        [t.actor, account.actor],
      ]}
    />
  );
}

function Actions({ account }: { readonly account: FundingAccount }) {
  const t = useWords(words);
  const may = useMay();
  const [act, setAct] = useState<FundingAct | 'change'>();
  if (!may('funding:write')) return null;
  const close = () => setAct(undefined);
  const titles = { deposit: t.deposit, withdrawal: t.withdraw, change: t.change };
  return (
    <>
      <Button type="primary" onClick={() => setAct('deposit')}>
        {t.deposit}
      </Button>
      <Button onClick={() => setAct('withdrawal')}>{t.withdraw}</Button>
      <Button onClick={() => setAct('change')}>{t.change}</Button>
      <Dialog
        title={act === undefined ? '' : titles[act]}
        isOpen={act !== undefined}
        onClose={close}
      >
        {act === 'change' ? <ChangeAlert account={account} onClose={close} /> : null}
        {act === 'deposit' || act === 'withdrawal' ? (
          <BookEntry account={account} act={act} onClose={close} />
        ) : null}
      </Dialog>
    </>
  );
}

function Entries({ id }: { readonly id: string }) {
  const t = useWords(words);
  const f = useFormat();
  const columns: readonly Column<Entry>[] = [
    {
      key: 'booked',
      title: t.booked,
      render: ({ bookedAt }) => <When at={bookedAt} />,
      value: ({ bookedAt }) => bookedAt,
      sortable: true,
    },
    {
      key: 'kind',
      title: t.kind,
      render: ({ kind }) => t.kinds[kind],
      value: ({ kind }) => t.kinds[kind],
    },
    {
      key: 'fen',
      title: t.amount,
      align: 'right',
      render: ({ fen }) => <Money fen={fen} />,
      value: ({ fen }) => fen / 100,
      sortable: true,
    },
    {
      key: 'day',
      title: t.day,
      render: ({ paidOn }) => f.date(paidOn),
      value: ({ paidOn }) => paidOn,
    },
    {
      key: 'reference',
      title: t.reference,
      render: ({ reference }) => <Code>{reference}</Code>,
      value: ({ reference }) => reference,
    },
    { key: 'actor', title: t.actor, render: ({ actor }) => actor, value: ({ actor }) => actor },
  ];
  return (
    <Card title={t.entries} flush>
      <Table
        label={t.entries}
        columns={columns}
        rowKey={({ id: entry }) => entry}
        queryKey={['funding-accounts', 'entries', id]}
        load={(cursor, signal) => hongmi.listFundingEntries({ id, cursor, limit: 50 }, { signal })}
        exportAs={`funding-${id}`}
        empty={<Empty title={t.noEntries} />}
      />
    </Card>
  );
}
