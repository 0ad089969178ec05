import { useWords } from '@hongmi/ui/language.ts';
import { laterPart } from '@hongmi/ui/later-part.tsx';
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Timeline } from 'antd';
import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { hongmi } from '../../../app/api.ts';
import { useMay } from '../../../app/session.ts';
import { Dialog } from '../../../design/dialog.tsx';
import { Loaded } from '../../../design/loaded.tsx';
import { Card, Facts, Page } from '../../../design/page.tsx';
import { Code, Money, When } from '../../../design/values.tsx';
import { useMe } from '../me.ts';
import { PeriodName } from '../periods/period-name.tsx';
import { namesIn, useStatement } from '../periods/read.ts';
import { PointType } from '../point-type.tsx';
import { Party } from '../values.tsx';
import { DisputeState, isOpen } from './dispute-state.tsx';
import type { Dispute, DisputeAct } from './step-dispute.tsx';
import { words } from './words.ts';

const StepDispute = laterPart(() => import('./step-dispute.tsx'), 'StepDispute');

export function DisputePage({ id }: { readonly id: string }) {
  const query = useQuery({
    queryKey: ['disputes', 'one', id],
    queryFn: ({ signal }) => hongmi.getDispute({ id }, { signal }),
  });
  return <Loaded query={query}>{(dispute) => <Shown dispute={dispute} />}</Loaded>;
}

function Shown({ dispute }: { readonly dispute: Dispute }) {
  const t = useWords(words);
  const may = useMay();
  const { merchantId: own } = useMe();
  const [act, setAct] = useState<DisputeAct>();
  const statement = useStatement(dispute.periodId, dispute.merchantId);
  const names = statement.data === undefined ? undefined : namesIn(statement.data);
  const party = (id: string) => <Party id={id} names={names} />;
  const acts: DisputeAct[] = [];
  if (isOpen(dispute)) {
    if (may('clearing:write') && own === null) acts.push('decide');
    if (may('disputes:write')) acts.push('evidence', 'withdraw');
  }
  const titles = { decide: t.decide, evidence: t.evidence, withdraw: t.withdraw };
  return (
    <Page
      above={<Link href="/disputes">{t.above}</Link>}
      title={t.one(names?.get(dispute.merchantId) ?? '')}
      about={<DisputeState state={dispute.state} />}
      actions={acts.map((each) => (
        <Button
          key={each}
          type={each === 'decide' ? 'primary' : 'default'}
          onClick={() => setAct(each)}
        >
          {titles[each]}
        </Button>
      ))}
    >
      <Card>
        <Facts
          rows={[
            [t.merchant, party(dispute.merchantId)],
            [t.other, party(dispute.other)],
            [t.giver, party(dispute.pair.payer)],
            [t.taker, party(dispute.pair.taker)],
            [t.type, <PointType key="type" code={dispute.pair.pointType} />],
            [t.line, dispute.line === null ? null : <Code key="line">{dispute.line}</Code>],
            [t.fen, <Money key="fen" fen={dispute.fen} />],
            [
              t.upheldFen,
              dispute.upheldFen === null ? null : <Money key="up" fen={dispute.upheldFen} />,
            ],
            [t.raisedAt, <When key="at" at={dispute.raisedAt} />],
            [t.dueAt, <When key="due" at={dispute.dueAt} />],
            [
              t.period,
              <Link
                key="period"
                href={`/periods/${dispute.periodId}/statements/${dispute.merchantId}`}
              >
                <PeriodName id={dispute.periodId} />
              </Link>,
            ],
            [
              t.adjustment,
              dispute.adjustmentId === null ? null : (
                <Link key="adj" href="/disputes">
                  <Code short>{dispute.adjustmentId}</Code>
                </Link>
              ),
            ],
          ]}
        />
      </Card>
      {isOpen(dispute) && acts.length === 0 ? (
        <Alert type="info" showIcon title={t.whoDecides} />
      ) : null}
      <Card title={t.steps}>
        <Timeline
          items={dispute.steps.map((step) => ({
            content: (
              <Step step={step} by={step.by === 'platform' ? t.byPlatform : party(step.by)} />
            ),
          }))}
        />
      </Card>
      <Dialog
        title={act === undefined ? '' : titles[act]}
        isOpen={act !== undefined}
        onClose={() => setAct(undefined)}
      >
        {act === undefined ? null : (
          <StepDispute dispute={dispute} act={act} onClose={() => setAct(undefined)} />
        )}
      </Dialog>
    </Page>
  );
}

function Step({ step, by }: { readonly step: Dispute['steps'][number]; readonly by: ReactNode }) {
  const t = useWords(words);
  return (
    <>
      <strong>{t.kinds[step.kind]}</strong> · {by} · {step.actor} ·{' '}
      <span className="hm-soft">
        <When at={step.at} />
      </span>
      {step.fen === null ? null : (
        <>
          {' · '}
          <Money fen={step.fen} />
        </>
      )}
      <p className="hm-text">{step.text}</p>
      {step.fileName === null ? null : (
        <p>
          {step.fileName} {step.sha256 === null ? null : <Code short>{step.sha256}</Code>}
        </p>
      )}
    </>
  );
}
