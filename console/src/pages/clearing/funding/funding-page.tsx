import type { Item } from '@hongmi/sdk';
import { useFilter } from '@hongmi/ui/address.ts';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { laterPart } from '@hongmi/ui/later-part.tsx';
import { Button, Checkbox } from 'antd';
import { useState } from 'react';
import { Link } from 'wouter';
import { hongmi } from '../../../app/api.ts';
import { useMerchantNames } from '../../../app/names.ts';
import { useMay } from '../../../app/session.ts';
import type { Column } from '../../../design/column.ts';
import { Dialog } from '../../../design/dialog.tsx';
import { Card, Page } from '../../../design/page.tsx';
import { Table } from '../../../design/table.tsx';
import { Tag } from '../../../design/tag.tsx';
import { Money } from '../../../design/values.tsx';
import { useCode } from '../me.ts';
import { Party } from '../values.tsx';
import { BalanceBar } from './balance-bar.tsx';
import { words } from './words.ts';

const OpenAccount = laterPart(() => import('./open-account.tsx'), 'OpenAccount');

type Account = Item<'listFundingAccounts'>;

export function FundingPage() {
  const t = useWords(words);
  const code = useCode();
  const may = useMay();
  const [low, setLow] = useFilter('low');
  const [isNew, setNew] = useState(false);
  const columns = useColumns();
  return (
    <Page
      title={t.title}
      about={t.about}
      actions={
        may('funding:write') ? (
          <Button type="primary" onClick={() => setNew(true)}>
            {t.open}
          </Button>
        ) : undefined
      }
    >
      <div className="hm-filters">
        <Checkbox
          checked={low !== undefined}
          onChange={({ target }) => setLow(target.checked ? 'true' : undefined)}
        >
          {t.low}
        </Checkbox>
      </div>
      <Card flush>
        <Table
          label={t.title}
          columns={columns}
          rowKey={({ id }) => id}
          queryKey={['funding-accounts', code, low]}
          load={(cursor, signal) =>
            hongmi.listFundingAccounts(
              { programme: code, low: low === undefined ? undefined : true, cursor, limit: 50 },
              { signal },
            )
          }
          exportAs="funding-accounts"
          empty={<Empty title={t.none}>{t.noneWhy}</Empty>}
        />
      </Card>
      <Dialog title={t.open} isOpen={isNew} onClose={() => setNew(false)}>
        <OpenAccount onClose={() => setNew(false)} />
      </Dialog>
    </Page>
  );
}

/** Below its alert value or not, in a word. */
export function AccountState({ low, lowSince }: Pick<Account, 'low' | 'lowSince'>) {
  const t = useWords(words);
  const f = useFormat();
  if (!low) return <Tag tone="good">{t.fine}</Tag>;
  return (
    <>
      <Tag tone="bad">{t.isLow}</Tag>{' '}
      {lowSince === null ? null : <span className="hm-soft">{t.since(f.relative(lowSince))}</span>}
    </>
  );
}

function useColumns(): readonly Column<Account>[] {
  const t = useWords(words);
  const names = useMerchantNames();
  return [
    {
      key: 'merchant',
      title: t.merchant,
      render: ({ id, merchantId }) => (
        <Link href={`/funding/${id}`}>
          <Party id={merchantId} />
        </Link>
      ),
      value: ({ merchantId }) => names.get(merchantId) ?? merchantId,
      sortable: true,
    },
    {
      key: 'state',
      title: t.state,
      render: (account) => <AccountState {...account} />,
      value: ({ low }) => (low ? t.isLow : t.fine),
    },
    {
      key: 'available',
      title: t.available,
      align: 'right',
      render: ({ availableFen }) => <Money fen={availableFen} />,
      value: ({ availableFen }) => availableFen / 100,
      sortable: true,
    },
    {
      key: 'alert',
      title: t.alert,
      align: 'right',
      render: ({ alertFen }) => <Money fen={alertFen} />,
      value: ({ alertFen }) => alertFen / 100,
    },
    {
      key: 'deposited',
      title: t.deposited,
      align: 'right',
      render: ({ depositedFen }) => <Money fen={depositedFen} />,
      value: ({ depositedFen }) => depositedFen / 100,
    },
    {
      key: 'credit',
      title: t.credit,
      align: 'right',
      render: ({ creditLineFen }) => <Money fen={creditLineFen} />,
      value: ({ creditLineFen }) => creditLineFen / 100,
    },
    {
      key: 'bar',
      title: t.bar,
      width: 360,
      render: (account) => <BalanceBar account={account} />,
    },
  ];
}
