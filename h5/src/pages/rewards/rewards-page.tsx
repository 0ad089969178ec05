import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { Skeleton } from '@hongmi/ui/mobile/loaded.tsx';
import { Button } from 'antd-mobile';
import { hongmi, ME } from '../../app/api.ts';
import { useAwaitsMerchantNames } from '../../app/merchants.ts';
import { usePointScale, useProgramme } from '../../app/programme.ts';
import { MoreList } from '../../design/more-list.tsx';
import { Card, Page } from '../../design/page.tsx';
import { Rows } from '../../design/row.tsx';
import { Filters } from './filters.tsx';
import { useLookedFor } from './looked-for.ts';
import { firstOption, leastOption } from './offer.ts';
import { OfferRow } from './offer-row.tsx';
import { words } from './words.ts';

/** About two screens: a slow phone shows the first of them at once. */
const AT_ONCE = 20;

/** What the member can have for their points, what that is worth, and what is missing for the rest. */
export function RewardsPage() {
  const t = useWords(words);
  const programme = useProgramme();
  const { asked, isNarrow, clear } = useLookedFor(usePointScale());
  const awaitsNames = useAwaitsMerchantNames();
  return (
    <Page title={t.title}>
      {programme === undefined ? (
        <Skeleton rows={8} />
      ) : (
        <>
          <Filters programme={programme} />
          <MoreList
            queryKey={['offers', programme.code, asked]}
            load={(cursor, signal) =>
              hongmi.listMemberRewards(
                {
                  ...ME,
                  ...{ programme: programme.code, limit: AT_ONCE, ...asked },
                  ...(cursor && { cursor }),
                },
                { signal },
              )
            }
            empty={
              isNarrow ? (
                <Empty title={t.noneFound} action={<Button onClick={clear}>{t.showAll}</Button>}>
                  {t.noneFoundAbout}
                </Empty>
              ) : (
                <Empty title={t.none}>{t.noneAbout}</Empty>
              )
            }
          >
            {(items) =>
              awaitsNames ? (
                <Skeleton rows={8} />
              ) : (
                <Card flush>
                  <Rows label={t.title}>
                    {items.map((each) => (
                      <OfferRow
                        key={each.rewardId}
                        offer={each}
                        option={asked.order === 'points' ? leastOption(each) : firstOption(each)}
                      />
                    ))}
                  </Rows>
                </Card>
              )
            }
          </MoreList>
        </>
      )}
    </Page>
  );
}
