import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { usePointTypeNames, useSaid } from '../../app/point-types.ts';
import { useProgramme } from '../../app/programme.tsx';
import { Loaded } from '../../design/loaded.tsx';
import { Card, Facts, Page } from '../../design/page.tsx';
import { Code, Money, When } from '../../design/values.tsx';
import { Member, Merchant } from '../../design/who.tsx';
import { CaseActions } from './case-actions.tsx';
import { CaseHistory } from './case-history.tsx';
import type { Case } from './case-rules.ts';
import { Due, StateTag } from './state-tag.tsx';
import { words } from './words.ts';

/** While points are on their way back: some seconds. */
const SETTLING_MS = 2_000;

/** A case, with what was done about it and what can be done next. */
export function CasePage({ id }: { readonly id: string }) {
  const t = useWords(words);
  const query = useQuery({
    queryKey: ['after-sales-case', id],
    queryFn: ({ signal }) => hongmi.getAfterSalesCase({ id }, { signal }),
    refetchInterval: ({ state }) => (state.data?.state === 'settling' ? SETTLING_MS : false),
  });
  return <Loaded query={query}>{(shown) => <Shown shown={shown} list={t.title} />}</Loaded>;
}

function Shown({ shown, list }: { readonly shown: Case; readonly list: string }) {
  const t = useWords(words);
  const said = useSaid();
  const { columns } = t;
  return (
    <Page
      above={<Link href="/">{list}</Link>}
      title={
        <>
          {said(shown.name)} · {t.kinds[shown.kind]} <StateTag state={shown.state} />
        </>
      }
      about={t.reasons[shown.reason]}
    >
      <Card>
        <Facts
          rows={[
            [columns.merchant, <Merchant key="merchant" id={shown.merchantId} />],
            [columns.member, <Member key="member" id={shown.memberId} />],
            [columns.redemption, <Code key="redemption">{shown.redemptionId}</Code>],
            [columns.openedAt, <When key="opened" at={shown.openedAt} />],
            [columns.due, shown.dueAt === null ? t.due.none : <Due key="due" at={shown.dueAt} />],
            [columns.units, String(shown.places.length)],
            [columns.remedy, shown.remedy === null ? null : t.remedies[shown.remedy]],
            [columns.onShelf, shown.onShelf === null ? null : shown.onShelf ? t.yes : t.no],
            [columns.back, <Paid key="back" parts={shown.back} />],
            [columns.cash, shown.cashFen === 0 ? null : <Money key="cash" fen={shown.cashFen} />],
            [columns.compensation, <Paid key="compensation" parts={shown.compensation} />],
            [columns.note, shown.note],
          ]}
        />
      </Card>
      <div className="hm-columns">
        <Card title={t.history}>
          <CaseHistory steps={shown.history} />
        </Card>
        <CaseActions key={shown.state} of={shown} />
      </div>
    </Page>
  );
}

/** Points of several types, as text. */
function Paid({ parts }: { readonly parts: Case['back'] }) {
  const f = useFormat();
  const names = usePointTypeNames();
  const types = useProgramme()?.pointTypes;
  if (parts.length === 0) return <span>{f.number(0)}</span>;
  const each = parts.map(({ pointType, points }) => {
    const scale = types?.find(({ code }) => code === pointType)?.scale ?? 0;
    return `${f.points(points, scale)} ${names.get(pointType) ?? pointType}`;
  });
  return <span className="hm-number">{f.list(each)}</span>;
}
