import type { Output } from '@hongmi/sdk';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { Loaded } from '@hongmi/ui/mobile/loaded.tsx';
import { useQuery } from '@tanstack/react-query';
import { hongmi } from '../../app/api.ts';
import { lastMoment } from '../../app/clock.ts';
import { useMerchantName, useMerchantNames } from '../../app/merchants.ts';
import { InProgramme, usePointTypeName, useProgramme } from '../../app/programme.ts';
import { Facts } from '../../design/facts.tsx';
import { MoreList } from '../../design/more-list.tsx';
import { Card, Page } from '../../design/page.tsx';
import { Row, Rows } from '../../design/row.tsx';
import { Merchant, Points, When } from '../../design/values.tsx';
import { words as recordWords } from '../records/words.ts';
import { ReceiptCard } from './receipt-card.tsx';
import { changesOf, pageOf, type Step } from './trail.ts';
import { words } from './words.ts';

type Trail = Output<'getTrail'>;

/** Where a lot of points came from, and where each of them went: the parts and what is left add up to what was granted. */
export function TrailPage({ id }: { readonly id: string }) {
  const t = useWords(words);
  const query = useQuery({
    queryKey: ['lots', id],
    queryFn: ({ signal }) => hongmi.getTrail({ id, limit: 1 }, { signal }),
  });
  return (
    <Page title={t.trail} up="~/m/points?view=lots">
      <Loaded query={query} rows={10}>
        {({ lot, summary }) => (
          <InProgramme code={lot.programme}>
            <Summary lot={lot} summary={summary} />
            <Steps id={id} type={lot.pointType} />
            <ReceiptCard transactionId={lot.transactionId} />
          </InProgramme>
        )}
      </Loaded>
    </Page>
  );
}

function Summary({ lot, summary }: Pick<Trail, 'lot' | 'summary'>) {
  const t = useWords(words);
  const f = useFormat();
  const zone = useProgramme()?.timeZone;
  const typeName = usePointTypeName();
  const { pointType, expiresAt, issuerId } = lot;
  const names = useMerchantNames();
  const { redeemed, ...parts } = summary;
  const shown = (name: string, value: number) =>
    [name, value === 0 ? undefined : <Points key={name} value={value} type={pointType} />] as const;
  return (
    <Card title={typeName(pointType)}>
      <Facts
        rows={[
          [t.issuer, <Merchant key="issuer" id={issuerId} />],
          [t.lastDay, expiresAt === undefined ? t.forever : f.day(lastMoment(expiresAt), zone)],
          [t.granted, <Points key="issued" value={parts.issued} type={pointType} />],
          shown(t.repaid, parts.repaidDebts),
          ...redeemed.map(({ merchantId, points }) =>
            shown(t.spentAt(names?.get(merchantId) ?? ''), points),
          ),
          shown(t.lapsedPart, parts.expired),
          shown(t.askedBack, parts.returned),
          shown(t.adjusted, parts.adjusted),
          shown(t.given, parts.transferred),
          shown(t.converted, parts.converted),
          [t.left, <Points key="left" value={parts.remaining} type={pointType} />],
        ]}
      />
      <p className="hm-soft">{t.addsUp}</p>
    </Card>
  );
}

function Steps({ id, type }: { readonly id: string; readonly type: string }) {
  const t = useWords(words);
  return (
    <MoreList
      queryKey={['lots', id, 'steps']}
      load={async (cursor, signal) => {
        const { steps, nextCursor } = await hongmi.getTrail(
          { id, ...(cursor && { cursor }) },
          { signal },
        );
        return { items: steps, nextCursor };
      }}
      empty={null}
    >
      {(steps) => {
        const changes = changesOf(steps);
        return (
          <Card title={t.steps} flush>
            <Rows label={t.steps}>
              {steps.map((step, place) => (
                <StepRow
                  key={`${step.transactionId} ${step.entry} ${step.recordedAt} ${step.remaining}`}
                  step={step}
                  change={changes[place] ?? 0}
                  type={type}
                />
              ))}
            </Rows>
          </Card>
        );
      }}
    </MoreList>
  );
}

function StepRow({
  step,
  change,
  type,
}: {
  readonly step: Step;
  readonly change: number;
  readonly type: string;
}) {
  const { kinds } = useWords(recordWords);
  const merchant = useMerchantName(step.merchantId);
  const href = pageOf(step);
  return (
    <Row
      {...(href !== undefined && { href })}
      title={kinds[step.kind]}
      about={
        <>
          {merchant === undefined ? null : `${merchant} · `}
          <When at={step.at} />
        </>
      }
      value={
        <span className="hm-change" data-sign={Math.sign(change)}>
          <Points value={change === 0 ? step.points : change} type={type} signed={change !== 0} />
        </span>
      }
    />
  );
}
