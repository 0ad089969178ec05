import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { laterPart } from '@hongmi/ui/later-part.tsx';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { Link } from 'wouter';
import { hongmi } from '../../../app/api.ts';
import { useMay } from '../../../app/session.ts';
import { Dialog } from '../../../design/dialog.tsx';
import { DownloadMenu } from '../../../design/download.tsx';
import { Loaded } from '../../../design/loaded.tsx';
import { Card, Facts, Figure, Page } from '../../../design/page.tsx';
import { Code, CopyButton, Money, None, When } from '../../../design/values.tsx';
import { useMe } from '../me.ts';
import { Net } from '../values.tsx';
import { InvoicesCard } from './invoices-card.tsx';
import { PairsCard } from './pairs-card.tsx';
import { PaymentsCard } from './payments-card.tsx';
import { CLOSING_POLL_MS, type Period, PeriodState } from './period-state.tsx';
import { PositionsCard } from './positions-card.tsx';
import { usePositions } from './read.ts';
import { StatementFiles } from './statement-files.tsx';
import { words } from './words.ts';

const Closing = laterPart(() => import('./closing.tsx'), 'Closing');
const StatementBody = laterPart(() => import('./statement-page.tsx'), 'StatementBody');
const Verification = laterPart(() => import('./verification.tsx'), 'Verification');
const RaiseDispute = laterPart(() => import('../disputes/raise-dispute.tsx'), 'RaiseDispute');

/** A period: to the platform all of it, to a merchant its own statement. */
export function PeriodPage({ id }: { readonly id: string }) {
  const t = useWords(words);
  const f = useFormat();
  const { merchantId } = useMe();
  const query = useQuery({
    queryKey: ['clearing-period', id],
    queryFn: ({ signal }) => hongmi.getClearingPeriod({ id }, { signal }),
    refetchInterval: ({ state }) => (state.data?.state === 'closing' ? CLOSING_POLL_MS : false),
  });
  return (
    <Loaded query={query}>
      {(period) => (
        <Page
          above={<Link href="/">{t.periods}</Link>}
          title={t.number(f.number(period.number))}
          about={<PeriodState state={period.state} />}
          actions={
            period.state !== 'closed' ? undefined : merchantId === null ? (
              <DownloadMenu
                label={t.figures}
                files={[
                  {
                    key: 'figures.csv',
                    label: t.figures,
                    load: () => hongmi.download('getClearingFigures', { id }),
                  },
                ]}
              />
            ) : (
              <>
                <StatementFiles id={id} merchant={merchantId} />
                <DisputePair id={id} merchant={merchantId} />
              </>
            )
          }
        >
          {period.state === 'closing' ? (
            <Card>
              <Closing period={period} />
            </Card>
          ) : merchantId === null ? (
            <Whole period={period} />
          ) : (
            <Own period={period} merchant={merchantId} />
          )}
        </Page>
      )}
    </Loaded>
  );
}

function Whole({ period }: { readonly period: Period }) {
  const { id } = period;
  return (
    <>
      <Sums id={id} />
      <PeriodFacts period={period} />
      <PositionsCard id={id} />
      <PairsCard id={id} />
      <PaymentsCard id={id} />
      <InvoicesCard id={id} />
    </>
  );
}

/** What a merchant sees of a period: its statement, and how it is paid and invoiced. */
function Own({ period: { id }, merchant }: { readonly period: Period; readonly merchant: string }) {
  return (
    <>
      <StatementBody id={id} merchant={merchant} />
      <PaymentsCard id={id} />
      <InvoicesCard id={id} />
    </>
  );
}

function DisputePair({ id, merchant }: { readonly id: string; readonly merchant: string }) {
  const t = useWords(words);
  const may = useMay();
  const [isOpen, setOpen] = useState(false);
  if (!may('disputes:write')) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t.dispute}</Button>
      <Dialog title={t.dispute} isOpen={isOpen} onClose={() => setOpen(false)}>
        <RaiseDispute periodId={id} merchantId={merchant} onClose={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function Sums({ id }: { readonly id: string }) {
  const t = useWords(words);
  const f = useFormat();
  const query = usePositions(id);
  return (
    <Loaded query={query} rows={2}>
      {(positions) => {
        const platform = positions.find(({ merchant }) => merchant === 'platform');
        const own = positions.filter(({ merchant }) => merchant !== 'platform');
        const count = (sign: number) =>
          f.number(own.filter(({ netFen }) => Math.sign(netFen) === sign).length);
        if (platform === undefined) return null;
        return (
          <div className="hm-figures">
            {/* What the platform is due is what all who gave points owe, and the other way round. */}
            <Figure
              name={t.owed}
              value={<Money fen={platform.dueFen} />}
              more={t.pays(count(-1))}
            />
            <Figure
              name={t.due}
              value={<Money fen={platform.owedFen} />}
              more={t.receives(count(1))}
            />
            <Figure name={t.fees} value={<Money fen={-platform.feeFen} />} />
            <Figure name={t.net} value={<Net fen={platform.netFen} />} />
          </div>
        );
      }}
    </Loaded>
  );
}

function PeriodFacts({ period }: { readonly period: Period }) {
  const t = useWords(words);
  return (
    <Card title={t.facts} actions={<Verification id={period.id} />}>
      <Facts
        rows={[
          [t.from, <When key="from" at={period.from} />],
          [t.until, <When key="until" at={period.until} />],
          [t.begunAt, <When key="begun" at={period.begunAt} />],
          [
            t.closedAt,
            period.closedAt === null ? <None key="c" /> : <When key="c" at={period.closedAt} />,
          ],
          [
            t.sha,
            period.figuresSha256 === null ? (
              <None key="s" />
            ) : (
              <span key="s">
                <Code>{period.figuresSha256}</Code> <CopyButton text={period.figuresSha256} />
              </span>
            ),
          ],
        ]}
      />
    </Card>
  );
}
