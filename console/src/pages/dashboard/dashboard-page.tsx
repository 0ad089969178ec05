import { useFilter } from '@hongmi/ui/address.ts';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { laterPart } from '@hongmi/ui/later-part.tsx';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Button, Segmented, Select } from 'antd';
import { hongmi } from '../../app/api.ts';
import { type Programme, useProgramme } from '../../app/programme.tsx';
import { useMay, useSession } from '../../app/session.ts';
import { addDays, dayAt } from '../../app/zone.ts';
import { Loaded } from '../../design/loaded.tsx';
import { MerchantFilter } from '../../design/merchant-select.tsx';
import { Page } from '../../design/page.tsx';
import { Skeleton } from '../../design/skeleton.tsx';
import { Figures } from './figures.tsx';
import { looked, PERIODS, readPeriod } from './period.ts';
import { Places } from './places.tsx';
import { words } from './words.ts';
import './dashboard.css';

const ActiveTrend = laterPart(() => import('./trends.tsx'), 'ActiveTrend');
const Flow = laterPart(() => import('./trends.tsx'), 'Flow');
const LiabilityTrend = laterPart(() => import('./trends.tsx'), 'LiabilityTrend');
const Attention = laterPart(() => import('./attention.tsx'), 'Attention');
const MerchantsCard = laterPart(() => import('./merchants-card.tsx'), 'MerchantsCard');

/** So many merchants are shown as bars; the others are found by the filter. */
const MERCHANTS_SHOWN = 8;
/** As often as a job counts what is new. */
const REFETCH_MS = 60_000;

/** The home of everybody: what happened to points, and what waits for somebody. What stands in the address can be linked to. */
export default function DashboardPage() {
  const t = useWords(words);
  const may = useMay();
  const programme = useProgramme();
  const seesFigures = may('insights:read');
  return (
    <Page title={t.title} about={seesFigures ? t.about : t.aboutNone}>
      {seesFigures ? null : <Places />}
      {programme === undefined ? (
        seesFigures ? (
          <Skeleton />
        ) : null
      ) : seesFigures ? (
        <Insights programme={programme} />
      ) : (
        <Attention programme={programme} />
      )}
    </Page>
  );
}

function Insights({ programme }: { readonly programme: Programme }) {
  const t = useWords(words);
  const f = useFormat();
  const { merchantId: ownMerchant } = useSession();
  const [periodText, setPeriod] = useFilter('period');
  const [merchant, setMerchant] = useFilter('merchant');
  const [typeText, setType] = useFilter('points');
  const type =
    programme.pointTypes.find(({ code }) => code === typeText) ?? programme.pointTypes[0];
  const scale = type?.scale ?? 0;
  const period = readPeriod(periodText);
  const { by, ...range } = looked(period, dayAt(programme.now, programme.timeZone));
  const asked = {
    ...{ programme: programme.code, ...range },
    ...(type && { pointType: type.code }),
    ...(ownMerchant === null && merchant !== undefined && { merchantId: merchant }),
  };
  const shared = { placeholderData: keepPreviousData, refetchInterval: REFETCH_MS };
  const overview = useQuery({
    queryKey: ['insights', 'overview', asked],
    queryFn: ({ signal }) => hongmi.getInsightOverview(asked, { signal }),
    ...shared,
  });
  const series = useQuery({
    queryKey: ['insights', 'series', asked, by],
    queryFn: ({ signal }) => hongmi.getInsightSeries({ ...asked, by }, { signal }),
    ...shared,
  });
  const isWhole = ownMerchant === null && merchant === undefined;
  const breakdown = useQuery({
    queryKey: ['insights', 'breakdown', asked],
    queryFn: ({ signal }) =>
      hongmi.getInsightBreakdown({ ...asked, by: 'merchant', limit: MERCHANTS_SHOWN }, { signal }),
    enabled: isWhole,
    ...shared,
  });
  const before = overview.data?.before;
  return (
    <>
      <div className="hm-filters">
        <Segmented
          aria-label={t.filters.period}
          value={period}
          onChange={(value) => setPeriod(value === '30d' ? undefined : value)}
          options={PERIODS.map((value) => ({ value, label: t.periods[value] }))}
        />
        {ownMerchant === null ? (
          <MerchantFilter label={t.filters.merchant} value={merchant} onChange={setMerchant} />
        ) : null}
        {ownMerchant === null && merchant !== undefined ? (
          <Button onClick={() => setMerchant(undefined)}>{t.allMerchants}</Button>
        ) : null}
        {programme.pointTypes.length > 1 ? (
          <label>
            {t.filters.pointType}
            <Select
              value={type?.code ?? null}
              onChange={(value) => setType(value ?? undefined)}
              options={programme.pointTypes.map(({ code, name }) => ({ value: code, label: name }))}
              popupMatchSelectWidth={false}
            />
          </label>
        ) : null}
      </div>
      <p className="hm-soft hm-filters" aria-live="polite">
        {before === undefined
          ? null
          : t.change.before(f.date(before.from), f.date(addDays(before.until, -1)))}
        {overview.data !== undefined && overview.data.behind > 0 ? (
          <span>{t.behind(f.number(overview.data.behind))}</span>
        ) : null}
      </p>
      <div className="hm-stack" aria-busy={overview.isPlaceholderData || series.isPlaceholderData}>
        <Loaded query={overview} rows={3}>
          {(told) => <Figures overview={told} scale={scale} />}
        </Loaded>
        <Loaded query={series}>{(told) => <Flow series={told} scale={scale} />}</Loaded>
      </div>
      <div className="hm-columns" data-top="true">
        {isWhole ? (
          <Loaded query={breakdown}>
            {({ items }) => <MerchantsCard parts={items} scale={scale} />}
          </Loaded>
        ) : (
          <Attention programme={programme} />
        )}
        <div className="hm-stack hm-top-aligned">
          {isWhole ? <Attention programme={programme} /> : null}
          {series.data === undefined ? null : (
            <>
              <LiabilityTrend series={series.data} />
              <ActiveTrend series={series.data} />
            </>
          )}
        </div>
      </div>
    </>
  );
}
