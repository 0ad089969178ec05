import type { Item } from '@hongmi/sdk';
import { useFilter } from '@hongmi/ui/address.ts';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { laterPart } from '@hongmi/ui/later-part.tsx';
import { Button, Segmented } from 'antd';
import { useState } from 'react';
import { Link } from 'wouter';
import { hongmi } from '../../../app/api.ts';
import { useMay } from '../../../app/session.ts';
import type { Column } from '../../../design/column.ts';
import { Dialog } from '../../../design/dialog.tsx';
import { Card } from '../../../design/page.tsx';
import { Table } from '../../../design/table.tsx';
import { Tag } from '../../../design/tag.tsx';
import { Code, None, When } from '../../../design/values.tsx';
import { useCode, useMe } from '../me.ts';
import { PointType } from '../point-type.tsx';
import { Party, TermsOf } from '../values.tsx';
import { useRewardNames } from './reward-names.ts';
import { words } from './words.ts';

const WithReason = laterPart(() => import('../with-reason.tsx'), 'WithReason');

type Alert = Item<'listGuardAlerts'>;

/** What somebody should know, until it does not hold any more or somebody said why it may be. */
export function AlertsCard() {
  const t = useWords(words);
  const code = useCode();
  const may = useMay();
  const { name: actor } = useMe();
  const [shown, setShown] = useFilter('alerts');
  const [known, setKnown] = useState<Alert>();
  const columns = useColumns(may('clearing:write') ? setKnown : undefined);
  const open = shown === 'all' ? undefined : true;
  return (
    <Card
      title={t.alerts}
      flush
      actions={
        <Segmented
          aria-label={t.which}
          value={shown ?? 'open'}
          onChange={(value) => setShown(value === 'open' ? undefined : value)}
          options={[
            { value: 'open', label: t.openOnly },
            { value: 'all', label: t.all },
          ]}
        />
      }
    >
      <Table
        label={t.alerts}
        columns={columns}
        rowKey={({ number }) => String(number)}
        queryKey={['guard', 'alerts', code, open]}
        load={(cursor, signal) =>
          hongmi.listGuardAlerts({ programme: code, open, cursor, limit: 50 }, { signal })
        }
        exportAs="guard-alerts"
        empty={<Empty title={t.noAlerts}>{t.noAlertsWhy}</Empty>}
      />
      <Dialog title={t.ackTitle} isOpen={known !== undefined} onClose={() => setKnown(undefined)}>
        {known === undefined ? null : (
          <>
            <p className="hm-soft">{t.ackAbout}</p>
            <WithReason
              draft={`alert-${known.number}`}
              submit={t.acknowledge}
              run={(reason, idempotencyKey) =>
                hongmi.acknowledgeGuardAlert(
                  { number: known.number, reason, actor },
                  { idempotencyKey },
                )
              }
              touches={[['guard', 'alerts']]}
              onClose={() => setKnown(undefined)}
            />
          </>
        )}
      </Dialog>
    </Card>
  );
}

function useColumns(acknowledge: ((alert: Alert) => void) | undefined): readonly Column<Alert>[] {
  const t = useWords(words);
  const rewards = useRewardNames();
  return [
    {
      key: 'kind',
      title: t.kind,
      render: ({ kind }) => (
        <>
          <strong>{t.kinds[kind]}</strong>
          <div className="hm-soft">{t.kindsMore[kind]}</div>
        </>
      ),
      value: ({ kind }) => t.kinds[kind],
    },
    {
      key: 'state',
      title: t.state,
      render: ({ resolvedAt, acknowledged }) =>
        resolvedAt !== null ? (
          <Tag>{t.resolved}</Tag>
        ) : acknowledged === null ? (
          <Tag tone="warn">{t.open}</Tag>
        ) : (
          <>
            <Tag tone="info">{t.known}</Tag>
            <div className="hm-soft">{t.byWhom(acknowledged.actor, acknowledged.reason)}</div>
          </>
        ),
      value: ({ resolvedAt, acknowledged }) =>
        resolvedAt !== null ? t.resolved : acknowledged === null ? t.open : t.known,
    },
    {
      key: 'where',
      title: t.taker,
      render: ({ taker, rewardId }) => (
        <>
          {taker === null ? <None /> : <Party id={taker} />}
          {rewardId === null ? null : (
            <div>
              <Link href={`~/console/rewards/${rewardId}`}>
                {t.reward} {rewards.get(rewardId) ?? <Code short>{rewardId}</Code>}
              </Link>
            </div>
          )}
        </>
      ),
      value: ({ taker }) => taker,
    },
    {
      key: 'type',
      title: t.type,
      render: ({ pointType }) => <PointType code={pointType} />,
      value: ({ pointType }) => pointType,
    },
    {
      key: 'facts',
      title: t.facts,
      render: ({ facts }) => <Facts facts={facts} />,
      value: ({ facts }) => JSON.stringify(facts),
    },
    {
      key: 'first',
      title: t.first,
      render: ({ firstSeenAt }) => <When at={firstSeenAt} />,
      value: ({ firstSeenAt }) => firstSeenAt,
    },
    ...(acknowledge === undefined
      ? []
      : [
          {
            key: 'actions',
            title: t.actions,
            render: (alert: Alert) =>
              alert.resolvedAt === null && alert.acknowledged === null ? (
                <Button size="small" onClick={() => acknowledge(alert)}>
                  {t.acknowledge}
                </Button>
              ) : (
                <None />
              ),
          },
        ]),
  ];
}

/** Figures by their names: the ending of a name is its unit. */
function Facts({ facts }: { readonly facts: Alert['facts'] }) {
  const t = useWords(words);
  const f = useFormat();
  const shown = (name: string, value: string | number): string => {
    if (typeof value === 'string') return t.means[value] ?? value;
    if (name.endsWith('MicroFen')) return f.moneyExact(value);
    if (name.endsWith('Fen')) return f.money(value);
    if (name.endsWith('BasisPoints')) return f.percent(value / 10_000);
    return f.number(value);
  };
  return (
    <dl className="hm-pairs">
      {Object.entries(facts).map(([name, value]) => (
        <div key={name}>
          <dt>{t.fact[name] ?? name}</dt>
          <dd className="hm-number">
            {name === 'payer' ? (
              <TermsOf merchantId={value === 'standard' ? null : String(value)} />
            ) : (
              shown(name, value)
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
