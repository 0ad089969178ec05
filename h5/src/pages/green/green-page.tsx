import type { Item } from '@hongmi/sdk';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { Loaded } from '@hongmi/ui/mobile/loaded.tsx';
import { useQuery } from '@tanstack/react-query';
import { hongmi, ME } from '../../app/api.ts';
import { useBalances } from '../../app/balances.ts';
import { useMerchantName } from '../../app/merchants.ts';
import { usePointTypeName } from '../../app/programme.ts';
import { MoreList } from '../../design/more-list.tsx';
import { Card, Page } from '../../design/page.tsx';
import { Row, Rows } from '../../design/row.tsx';
import { Points, When } from '../../design/values.tsx';
import { useBehaviour } from './behaviour.ts';
import { useKilograms } from './kilograms.ts';
import { type Method, useMethods } from './methods.ts';
import { words } from './words.ts';

type Deed = Item<'listActivities'>;

/** What the member's green deeds saved and earned; each leads to its evidence. */
export function GreenPage() {
  const t = useWords(words);
  const typeName = usePointTypeName();
  const kilograms = useKilograms();
  const green = useBalances()?.filter(({ pointType }) => pointType.includes('green')) ?? [];
  const total = useQuery({
    queryKey: ['carbon', 'total'],
    queryFn: ({ signal }) => hongmi.getMemberCarbon({ ...ME, limit: 1 }, { signal }),
  });
  return (
    <Page title={t.title} about={t.about} up="~/m/">
      <Card>
        <Loaded query={total} rows={2}>
          {({ grams }) => (
            <>
              <p className="hm-soft">{t.saved}</p>
              <p className="hm-figure hm-green">{kilograms(grams)}</p>
            </>
          )}
        </Loaded>
      </Card>
      {green.length === 0 ? null : (
        <Card flush>
          <Rows>
            {green.map(({ pointType, available }) => (
              <Row
                key={pointType}
                href="~/m/points"
                title={t.points(typeName(pointType))}
                value={<Points value={available} type={pointType} />}
              />
            ))}
          </Rows>
        </Card>
      )}
      <MoreList
        queryKey={['activities']}
        load={(cursor, signal) => hongmi.listActivities({ ...(cursor && { cursor }) }, { signal })}
        empty={<Empty title={t.none}>{t.noneAbout}</Empty>}
      >
        {(items, isAll) => (
          <Deeds deeds={items.filter(({ kind }) => kind === 'green')} isAll={isAll} />
        )}
      </MoreList>
    </Page>
  );
}

/** Of all that the member did, the green part. */
function Deeds({ deeds, isAll }: { readonly deeds: readonly Deed[]; readonly isAll: boolean }) {
  const t = useWords(words);
  const methods = useMethods();
  if (deeds.length === 0) return isAll ? <Empty title={t.none}>{t.noneAbout}</Empty> : null;
  return (
    <Card title={t.deeds} flush>
      <Rows>
        {deeds.map((each) => (
          <DeedRow
            key={each.id}
            deed={each}
            method={each.saving && methods?.get(each.saving.methodId)}
          />
        ))}
      </Rows>
    </Card>
  );
}

function DeedRow({
  deed: { id, evidence, merchantId, occurredAt, saving, awards },
  method,
}: {
  readonly deed: Deed;
  readonly method: Method | undefined;
}) {
  const t = useWords(words);
  const f = useFormat();
  const merchant = useMerchantName(merchantId);
  const kilograms = useKilograms();
  const said = useBehaviour();
  const totals = new Map<string, number>();
  for (const { pointType, granted } of awards)
    if (granted > 0) totals.set(pointType, (totals.get(pointType) ?? 0) + granted);
  return (
    <Row
      href={`/${id}`}
      title={method?.name ?? said(evidence?.behaviour)}
      about={
        <>
          {merchant === undefined ? null : `${merchant} · `}
          <When at={occurredAt} dayOnly />
          {method === undefined || saving === undefined
            ? null
            : ` · ${t.quantity(f.number(saving.quantity), method.unit)}`}
        </>
      }
      value={
        <span className="hm-change">
          {[...totals].map(([pointType, points]) => (
            <Points key={pointType} value={points} type={pointType} signed />
          ))}
          {saving === undefined ? null : (
            <span className="hm-green">{kilograms(saving.grams)}</span>
          )}
        </span>
      }
    />
  );
}
