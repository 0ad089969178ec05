import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { Loaded } from '@hongmi/ui/mobile/loaded.tsx';
import { useQuery } from '@tanstack/react-query';
import { hongmi } from '../../app/api.ts';
import { Facts } from '../../design/facts.tsx';
import { Card, Page } from '../../design/page.tsx';
import { Merchant, When } from '../../design/values.tsx';
import { WhyCard } from '../records/why-card.tsx';
import { useKilograms } from './kilograms.ts';
import { useMethods } from './methods.ts';
import { words } from './words.ts';

/** A green deed: its evidence, what it saved and by which method, what it earned and why. `id`: of the activity. */
export function SavingPage({ id }: { readonly id: string }) {
  const t = useWords(words);
  const f = useFormat();
  const kilograms = useKilograms();
  const methods = useMethods();
  const query = useQuery({
    queryKey: ['activity', id],
    queryFn: ({ signal }) => hongmi.getActivity({ id }, { signal }),
  });
  return (
    <Page title={t.title} up="~/m/green">
      <Loaded query={query} rows={8}>
        {({ merchantId, occurredAt, evidence, saving }) => {
          const method = saving && methods?.get(saving.methodId);
          return (
            <>
              <Card>
                <Facts
                  rows={[
                    [t.merchant, <Merchant key="merchant" id={merchantId} />],
                    [t.when, <When key="when" at={occurredAt} />],
                    [
                      t.evidence,
                      evidence && (
                        <span key="evidence" className="hm-code">
                          {evidence.number}
                        </span>
                      ),
                    ],
                    [
                      t.grams,
                      saving && (
                        <span key="grams" className="hm-green">
                          {kilograms(saving.grams)}
                        </span>
                      ),
                    ],
                  ]}
                />
              </Card>
              {method === undefined || saving === undefined ? null : (
                <Card title={t.how}>
                  <Facts
                    rows={[
                      [method.name, t.quantity(f.number(saving.quantity), method.unit)],
                      [t.source, method.source],
                      [t.region, `${method.region} · ${method.year}`],
                    ]}
                  />
                </Card>
              )}
              <WhyCard
                queryKey={['explanation', id]}
                load={(signal) => hongmi.explainActivity({ id }, { signal })}
              />
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}
