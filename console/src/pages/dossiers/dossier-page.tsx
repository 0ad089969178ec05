import type { components } from '@hongmi/sdk';
import { useWords } from '@hongmi/ui/language.ts';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { Link } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { useMay } from '../../app/session.ts';
import { Loaded } from '../../design/loaded.tsx';
import { useMessage } from '../../design/notices.tsx';
import { Card, Facts, Page } from '../../design/page.tsx';
import { PlainTable } from '../../design/table.tsx';
import { Code, LastDay, None, When } from '../../design/values.tsx';
import { Merchant } from '../../design/who.tsx';
import { ChangeForm } from './change-form.tsx';
import { ValidTag } from './states.tsx';
import { words } from './words.ts';

type Change = components['schemas']['DossierChange'];

/** A document of a merchant: what it says now, and how it came to say so. */
export function DossierPage({ id }: { readonly id: string }) {
  const t = useWords(words);
  const may = useMay();
  const message = useMessage();
  const [isChanging, setChanging] = useState(false);
  const query = useQuery({
    queryKey: ['dossiers', 'one', id],
    queryFn: ({ signal }) => hongmi.getDossier({ id }, { signal }),
  });
  const { data } = query;
  const mayChange = may('dossiers:write') && data !== undefined && data.status !== 'revoked';
  return (
    <Page
      title={data === undefined ? t.title : `${t.kinds[data.kind]} · ${data.documentNo}`}
      above={<Link href="/">{t.title}</Link>}
      actions={
        mayChange && !isChanging ? (
          <Button type="primary" onClick={() => setChanging(true)}>
            {t.change}
          </Button>
        ) : null
      }
    >
      <Loaded query={query}>
        {(dossier) => (
          <>
            <Card>
              <Facts
                rows={[
                  [t.merchant, <Merchant key="merchant" id={dossier.merchantId} />],
                  [t.status, <ValidTag key="status" dossier={dossier} />],
                  [t.issuingBody, dossier.issuingBody],
                  [t.documentNo, <Code key="no">{dossier.documentNo}</Code>],
                  [t.from, <When key="from" at={dossier.validFrom} dayOnly />],
                  [t.until, <LastDay key="until" end={dossier.validUntil} />],
                  [t.checkedAt, <When key="checked" at={dossier.checkedAt} dayOnly />],
                  [t.reference, dossier.reference],
                ]}
              />
            </Card>
            {isChanging ? (
              <Card title={t.changeTitle}>
                <ChangeForm
                  dossier={dossier}
                  close={(isSaved) => {
                    setChanging(false);
                    if (isSaved) void message.success(t.saved);
                  }}
                />
              </Card>
            ) : null}
            <Card title={t.changes} flush>
              <History changes={dossier.changes} />
            </Card>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function History({ changes }: { readonly changes: readonly Change[] }) {
  const t = useWords(words);
  return (
    <PlainTable<Change>
      label={t.changes}
      rows={[...changes].reverse()}
      rowKey={({ number }) => String(number)}
      exportAs="dossier-changes"
      columns={[
        {
          key: 'at',
          title: t.at,
          render: ({ changedAt }) => <When at={changedAt} />,
          value: ({ changedAt }) => changedAt,
        },
        { key: 'actor', title: t.actor, render: ({ actor }) => actor, value: ({ actor }) => actor },
        {
          key: 'reason',
          title: t.reason,
          render: ({ reason }) => reason ?? <span className="hm-soft">{t.asMade}</span>,
          value: ({ reason }) => reason,
        },
        {
          key: 'status',
          title: t.status,
          render: ({ status }) => t.statuses[status],
          value: ({ status }) => t.statuses[status],
        },
        {
          key: 'until',
          title: t.until,
          render: ({ validUntil }) => <LastDay end={validUntil} />,
          value: ({ validUntil }) => validUntil,
        },
        {
          key: 'checkedAt',
          title: t.checkedAt,
          render: ({ checkedAt }) => <When at={checkedAt} dayOnly />,
          value: ({ checkedAt }) => checkedAt,
        },
        {
          key: 'reference',
          title: t.reference,
          render: ({ reference }) => (reference === '' ? <None /> : reference),
          value: ({ reference }) => reference,
        },
      ]}
    />
  );
}
