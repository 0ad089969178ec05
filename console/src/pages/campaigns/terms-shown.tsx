import { useCalendarNames } from '@hongmi/ui/calendar-names.ts';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { usePointTypeNames, useSaid } from '../../app/point-types.ts';
import { Facts } from '../../design/page.tsx';
import { meaningOf, type Terms } from './terms-values.ts';
import { words } from './words.ts';

/** What a promotion offers, in one line. */
export function OfferShown({ price }: { readonly price: Terms['price'] }) {
  const t = useWords(words);
  const f = useFormat();
  const types = usePointTypeNames();
  if (price.kind === 'fixed')
    return (
      <span>{t.fixed(f.points(price.points), types.get(price.pointType) ?? price.pointType)}</span>
    );
  const { discount, uplift } = meaningOf(price);
  return <span>{t.discount(f.percent(discount), f.percent(uplift))}</span>;
}

/** When a promotion holds, in one line. */
export function WhenShown({ when }: { readonly when: Terms['when'] }) {
  const t = useWords(words);
  const f = useFormat();
  const { month, weekday } = useCalendarNames();
  const listed = <T,>(list: readonly T[] | undefined, say: (each: T) => string) =>
    list === undefined ? undefined : f.list(list.map(say));
  const months = listed(when.months, month);
  const days = listed(when.monthDays, (day) => t.day(String(day)));
  // Of a list one entry must be met, and of all lists one each.
  const parts = [
    listed(when.dates, ({ from, to }) => `${from ? f.date(from) : ''}–${to ? f.date(to) : ''}`),
    months !== undefined && days !== undefined ? t.dayOf(months, days) : (months ?? days),
    listed(when.weekdays, weekday),
    when.memberMonth && t.memberMonths[when.memberMonth],
  ].filter((part) => part !== undefined);
  return <span>{parts.length === 0 ? t.always : parts.join(t.comma)}</span>;
}

export function TermsShown({ body: terms }: { readonly body: Terms }) {
  const t = useWords(words);
  const f = useFormat();
  const said = useSaid();
  const types = usePointTypeNames();
  const { budget } = terms;
  return (
    <>
      {terms.description === undefined ? null : <p>{said(terms.description)}</p>}
      <Facts
        rows={[
          [t.worth, <OfferShown key="price" price={terms.price} />],
          [t.when, <WhenShown key="when" when={terms.when} />],
          [t.rewards, terms.rewards === undefined ? t.all : f.number(terms.rewards.length)],
          [
            t.budget,
            budget === undefined
              ? undefined
              : 'points' in budget
                ? f.points(budget.points)
                : f.list(
                    budget.map(
                      ({ pointType, points }) =>
                        `${f.points(points)} ${types.get(pointType) ?? pointType}`,
                    ),
                  ),
          ],
        ]}
      />
    </>
  );
}
