import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { Loaded } from '../../design/loaded.tsx';
import { Card, Facts, Page } from '../../design/page.tsx';
import { Progress } from '../../design/progress.tsx';
import { Tag } from '../../design/tag.tsx';
import { When } from '../../design/values.tsx';
import { Merchant } from '../../design/who.tsx';
import { words } from './words.ts';

/** A job goes on with it every minute. */
const REFETCH_MS = 5_000;

/** How far a cancellation by a supplier came; it goes on whoever looks. */
export function CancellationPage({ id }: { readonly id: string }) {
  const t = useWords(words);
  const f = useFormat();
  const query = useQuery({
    queryKey: ['supplier-cancellation', id],
    queryFn: ({ signal }) => hongmi.getSupplierCancellation({ id }, { signal }),
    refetchInterval: ({ state: { data } }) =>
      data === undefined || (data.state === 'done' && data.refunded === data.cancelled)
        ? false
        : REFETCH_MS,
  });
  const { cancellation, columns } = t;
  return (
    <Page above={<Link href="/">{t.title}</Link>} title={cancellation.title}>
      <Loaded query={query}>
        {(shown) => (
          <Card>
            <div className="hm-stack">
              <div>
                <Tag tone={shown.state === 'done' ? 'good' : 'info'}>
                  {shown.state === 'done' ? cancellation.doneState : cancellation.running}
                </Tag>
              </div>
              <Progress
                label={cancellation.progress}
                share={shown.cancelled === 0 ? 1 : shown.refunded / shown.cancelled}
              />
              <p className="hm-soft">{cancellation.leave}</p>
              <Facts
                rows={[
                  [
                    cancellation.reward,
                    <Link key="reward" href={`~/console/rewards/${shown.rewardId}`}>
                      {shown.rewardId}
                    </Link>,
                  ],
                  [cancellation.merchant, <Merchant key="merchant" id={shown.merchantId} />],
                  [cancellation.reason, t.reasons[shown.reason]],
                  [cancellation.day, shown.day === null ? '' : f.date(shown.day)],
                  [cancellation.cancelled, f.number(shown.cancelled)],
                  [cancellation.refunded, f.number(shown.refunded)],
                  [cancellation.at, <When key="at" at={shown.at} />],
                  [cancellation.actor, shown.actor],
                  [columns.note, shown.note ?? ''],
                ]}
              />
            </div>
          </Card>
        )}
      </Loaded>
    </Page>
  );
}
