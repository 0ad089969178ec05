import type { Item } from '@hongmi/sdk';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useFormat } from '@hongmi/ui/format.ts';
import { useLanguage, useWords } from '@hongmi/ui/language.ts';
import { Skeleton } from '@hongmi/ui/mobile/loaded.tsx';
import { hongmi, ME } from '../../app/api.ts';
import { usePointTypeName, useProgramme } from '../../app/programme.ts';
import { MoreList } from '../../design/more-list.tsx';
import { Card, Page } from '../../design/page.tsx';
import { Row, Rows } from '../../design/row.tsx';
import { words } from './words.ts';

type Offer = Item<'listMemberRewards'>;

/** What the member can have for their points, and what is missing for the rest. */
export function RewardsPage() {
  const t = useWords(words);
  const programme = useProgramme()?.code;
  return (
    <Page title={t.title}>
      {programme === undefined ? (
        <Skeleton rows={8} />
      ) : (
        <MoreList
          queryKey={['offers', programme, 'all']}
          load={(cursor, signal) =>
            hongmi.listMemberRewards({ ...ME, programme, ...(cursor && { cursor }) }, { signal })
          }
          empty={<Empty title={t.none}>{t.noneAbout}</Empty>}
        >
          {(items) => (
            <Card flush>
              <Rows label={t.title}>
                {items.map((each) => (
                  <OfferRow key={each.rewardId} offer={each} />
                ))}
              </Rows>
            </Card>
          )}
        </MoreList>
      )}
    </Page>
  );
}

function OfferRow({ offer: { body, options, unmet, redeemable } }: { readonly offer: Offer }) {
  const t = useWords(words);
  const f = useFormat();
  const language = useLanguage();
  const typeName = usePointTypeName();
  const [first] = options;
  const listed = (parts: readonly { readonly pointType: string; readonly points: number }[]) =>
    parts.map(({ pointType, points }) => `${f.number(points)} ${typeName(pointType)}`);
  const price = [
    ...listed(first?.points ?? []),
    ...(first === undefined || first.cashFen === 0 ? [] : [f.money(first.cashFen)]),
  ].join(' + ');
  const status = redeemable
    ? t.now
    : unmet === null
      ? t.missing(listed(first?.missing ?? []).join(' + '))
      : unmet[language];
  return (
    <Row
      title={language === 'en' ? (body.name.en ?? body.name.zh) : body.name.zh}
      about={status}
      value={price}
    />
  );
}
