import type { components } from '@hongmi/sdk';
import { failureOf } from '@hongmi/ui/failure.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Timeline } from 'antd';
import { Link } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { usePointTypeNames } from '../../app/point-types.ts';
import { FailureShown } from '../../design/failure-shown.tsx';
import { Card, Facts, Figure, Page } from '../../design/page.tsx';
import { Skeleton } from '../../design/skeleton.tsx';
import { Code, LastDay, Points, When } from '../../design/values.tsx';
import { Merchant } from '../../design/who.tsx';
import { LotState } from './lots-card.tsx';
import { words } from './words.ts';

type Trail = components['schemas']['LotTrail'];
type Step = components['schemas']['TrailStep'];

/** A lot from its making to its end: what took from it, where and when. */
export function LotPage({ member, id }: { readonly member: string; readonly id: string }) {
  const t = useWords(words);
  const names = usePointTypeNames();
  const query = useInfiniteQuery({
    queryKey: ['lot', id],
    queryFn: ({ pageParam, signal }) =>
      hongmi.getTrail({ id, limit: 100, ...(pageParam && { cursor: pageParam }) }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  const first = query.data?.pages[0];
  if (first === undefined)
    return query.error === null ? (
      <Skeleton />
    ) : (
      <FailureShown failure={failureOf(query.error)} retry={() => void query.refetch()} />
    );
  const { lot, summary } = first;
  const steps = query.data?.pages.flatMap((page) => page.steps) ?? [];
  return (
    <Page
      above={<Link href={`/${member}?tab=lots`}>{t.tabs.lots}</Link>}
      title={t.trailTitle}
      about={
        <>
          <Code>{id}</Code> <LotState state={lot.state} />
        </>
      }
    >
      <p className="hm-soft">{t.trailAbout}</p>
      <div className="hm-figures">
        <Figure
          name={t.issued}
          value={<Points value={lot.issued} />}
          more={names.get(lot.pointType) ?? lot.pointType}
        />
        <Figure name={t.remaining} value={<Points value={lot.remaining} />} />
        <Figure name={t.issuer} value={<Merchant id={lot.issuerId} />} />
        <Figure
          name={t.expires}
          value={lot.expiresAt === undefined ? t.never : <LastDay end={lot.expiresAt} />}
        />
      </div>
      <Card title={t.trailSum}>
        <Sum summary={summary} />
      </Card>
      <Card>
        <Timeline
          items={steps.map((step) => ({
            color: step.points < 0 || step.entry !== 'issue' ? 'gray' : 'green',
            content: <StepShown step={step} />,
          }))}
        />
        {query.hasNextPage ? (
          <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t.more}
          </Button>
        ) : null}
      </Card>
    </Page>
  );
}

/** The parts add up to what was issued. */
function Sum({ summary }: { readonly summary: Trail['summary'] }) {
  const t = useWords(words);
  const { redeemed } = summary;
  const parts: (readonly [string, number])[] = [
    [t.repaid, summary.repaidDebts],
    [t.expired, summary.expired],
    [t.returned, summary.returned],
    [t.adjusted, summary.adjusted],
    [t.transferred, summary.transferred],
    [t.converted, summary.converted],
  ];
  return (
    <Facts
      rows={[
        ...(redeemed.length === 0
          ? []
          : [
              [
                t.kinds.burn,
                redeemed.map(({ merchantId, points }) => (
                  <div key={merchantId}>
                    <Points value={points} /> · <Merchant id={merchantId} />
                  </div>
                )),
              ] as const,
            ]),
        ...parts
          .filter(([, points]) => points !== 0)
          .map(([name, points]) => [name, <Points key={name} value={points} />] as const),
        [t.leftNow, <Points key="left" value={summary.remaining} />],
      ]}
    />
  );
}

function StepShown({ step }: { readonly step: Step }) {
  const t = useWords(words);
  const { merchantId, orderNo } = step;
  return (
    <div>
      <strong>{t.kinds[step.kind]}</strong> <Points value={step.points} />
      {merchantId === undefined ? null : (
        <>
          {' '}
          · <Merchant id={merchantId} />
        </>
      )}
      {orderNo === undefined ? null : (
        <>
          {' '}
          · {t.order} <Code>{orderNo}</Code>
        </>
      )}
      <div className="hm-soft">
        <When at={step.at} /> · {t.remaining} <Points value={step.remaining} />
      </div>
    </div>
  );
}
