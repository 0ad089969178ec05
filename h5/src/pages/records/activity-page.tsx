import { useWords } from '@hongmi/ui/language.ts';
import { Loaded } from '@hongmi/ui/mobile/loaded.tsx';
import { useQuery } from '@tanstack/react-query';
import { hongmi } from '../../app/api.ts';
import { Facts } from '../../design/facts.tsx';
import { Card, Page } from '../../design/page.tsx';
import { Merchant, When } from '../../design/values.tsx';
import { WhyCard } from './why-card.tsx';
import { words } from './words.ts';

/** Something that the member did, what it earned, and why. */
export function ActivityPage({ id }: { readonly id: string }) {
  const t = useWords(words);
  const query = useQuery({
    queryKey: ['activity', id],
    queryFn: ({ signal }) => hongmi.getActivity({ id }, { signal }),
  });
  return (
    <Page title={t.activityTitle} up="~/m/records">
      <Loaded query={query} rows={8}>
        {({ kind, merchantId, occurredAt, evidence }) => (
          <>
            <Card title={t.sources[kind]}>
              <Facts
                rows={[
                  [t.merchant, <Merchant key="merchant" id={merchantId} />],
                  [t.at, <When key="at" at={occurredAt} />],
                  [
                    t.number,
                    evidence === undefined ? undefined : (
                      <span key="number" className="hm-code">
                        {evidence.number}
                      </span>
                    ),
                  ],
                ]}
              />
            </Card>
            <WhyCard
              queryKey={['explanation', id]}
              load={(signal) => hongmi.explainActivity({ id }, { signal })}
            />
          </>
        )}
      </Loaded>
    </Page>
  );
}
