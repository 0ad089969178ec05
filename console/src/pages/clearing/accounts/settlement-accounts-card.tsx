import { Empty } from '@hongmi/ui/empty.tsx';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { laterPart } from '@hongmi/ui/later-part.tsx';
import { Button } from 'antd';
import { useState } from 'react';
import { hongmi } from '../../../app/api.ts';
import { useMay } from '../../../app/session.ts';
import type { Column } from '../../../design/column.ts';
import { Dialog } from '../../../design/dialog.tsx';
import { Card } from '../../../design/page.tsx';
import { Table } from '../../../design/table.tsx';
import { Tag } from '../../../design/tag.tsx';
import { Code, None, When } from '../../../design/values.tsx';
import { useCode, useMe } from '../me.ts';
import { Party } from '../values.tsx';
import type { SettlementAccount } from './set-account.tsx';
import { words } from './words.ts';

const ConfirmAccount = laterPart(() => import('./set-account.tsx'), 'ConfirmAccount');
const SetAccount = laterPart(() => import('./set-account.tsx'), 'SetAccount');

/** Between which accounts is paid. A new one waits for a second person. */
export function SettlementAccountsCard() {
  const t = useWords(words);
  const may = useMay();
  const code = useCode();
  const { merchantId: own } = useMe();
  const [isNew, setNew] = useState(false);
  const [confirming, setConfirming] = useState<SettlementAccount>();
  const isWriter = may('clearing:write') && own === null;
  const columns = useColumns(isWriter ? setConfirming : undefined);
  return (
    <Card
      title={t.accounts}
      flush
      actions={isWriter ? <Button onClick={() => setNew(true)}>{t.set}</Button> : undefined}
    >
      <p className="hm-card-note hm-soft">{t.accountsAbout}</p>
      <Table
        label={t.accounts}
        columns={columns}
        rowKey={({ role, merchantId, number }) => `${role} ${merchantId} ${number}`}
        queryKey={['settlement-accounts', code]}
        load={(cursor, signal) =>
          hongmi.listSettlementAccounts({ programme: code, cursor, limit: 50 }, { signal })
        }
        empty={<Empty title={t.none} />}
      />
      <Dialog title={t.set} isOpen={isNew} onClose={() => setNew(false)}>
        <SetAccount onClose={() => setNew(false)} />
      </Dialog>
      <Dialog
        title={t.confirm}
        isOpen={confirming !== undefined}
        onClose={() => setConfirming(undefined)}
      >
        {confirming === undefined ? null : (
          <ConfirmAccount account={confirming} onClose={() => setConfirming(undefined)} />
        )}
      </Dialog>
    </Card>
  );
}

function useColumns(
  confirm: ((account: SettlementAccount) => void) | undefined,
): readonly Column<SettlementAccount>[] {
  const t = useWords(words);
  const f = useFormat();
  return [
    {
      key: 'role',
      title: t.role,
      render: ({ role, merchantId }) =>
        merchantId === null ? t.roles[role] : <Party id={merchantId} />,
    },
    { key: 'holder', title: t.holder, render: ({ holder }) => holder },
    {
      key: 'bank',
      title: t.bank,
      render: ({ bank, cnaps }) => (
        <>
          {bank} <Code>{cnaps}</Code>
        </>
      ),
    },
    { key: 'account', title: t.number, render: ({ account }) => <Code>{account}</Code> },
    {
      key: 'version',
      title: t.version,
      align: 'right',
      render: ({ number }) => f.number(number),
    },
    {
      key: 'state',
      title: t.state,
      render: ({ confirmed }) =>
        confirmed === null ? (
          <Tag tone="warn">{t.waiting}</Tag>
        ) : (
          <>
            <Tag tone="good">{t.confirmed}</Tag>{' '}
            <span className="hm-soft">{t.by(confirmed.actor)}</span>
          </>
        ),
    },
    {
      key: 'made',
      title: t.at,
      render: ({ madeAt, actor }) => (
        <>
          <When at={madeAt} /> · {actor}
        </>
      ),
    },
    ...(confirm === undefined
      ? []
      : [
          {
            key: 'actions',
            title: t.actions,
            render: (account: SettlementAccount) =>
              account.confirmed === null ? (
                <Button size="small" onClick={() => confirm(account)}>
                  {t.confirm}
                </Button>
              ) : (
                <None />
              ),
          },
        ]),
  ];
}
