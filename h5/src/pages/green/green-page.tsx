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
import { useKilograms } from './kilograms.ts';
import { type Method, useMethods } from './methods.ts';
import { words } from './words.ts';

type Saving = Item<'getMemberCarbon'>;

/** What the member's green deeds saved and earned; each leads to its evidence. */
export function GreenPage() {
  const t = useWords(words);
  const typeName = usePointTypeName();
  const kilograms = useKilograms();
  const methods = useMethods();
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
        queryKey={['carbon']}
        load={(cursor, signal) =>
          hongmi.getMemberCarbon({ ...ME, ...(cursor && { cursor }) }, { signal })
        }
        empty={<Empty title={t.none}>{t.noneAbout}</Empty>}
      >
        {(items) => (
          <Card title={t.savedBy} flush>
            <Rows>
              {items.map((each) => (
                <SavingRow
                  key={each.activityId}
                  saving={each}
                  method={methods?.get(each.methodId)}
                />
              ))}
            </Rows>
          </Card>
        )}
      </MoreList>
    </Page>
  );
}

function SavingRow({
  saving,
  method,
}: {
  readonly saving: Saving;
  readonly method: Method | undefined;
}) {
  const f = useFormat();
  const t = useWords(words);
  const merchant = useMerchantName(saving.merchantId);
  const kilograms = useKilograms();
  return (
    <Row
      href={`/${saving.activityId}`}
      title={method?.name ?? saving.behaviour}
      about={
        <>
          {method === undefined ? null : `${t.quantity(f.number(saving.quantity), method.unit)} · `}
          {merchant === undefined ? null : `${merchant} · `}
          <When at={saving.at} dayOnly />
        </>
      }
      value={<span className="hm-green">{kilograms(saving.grams)}</span>}
    />
  );
}
