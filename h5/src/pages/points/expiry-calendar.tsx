import { Empty } from '@hongmi/ui/empty.tsx';
import { useFormat } from '@hongmi/ui/format.ts';
import { TAGS, useLanguage, useWords } from '@hongmi/ui/language.ts';
import { hongmi, ME } from '../../app/api.ts';
import { usePointTypeName, useProgramme } from '../../app/programme.ts';
import { MoreList } from '../../design/more-list.tsx';
import { Card } from '../../design/page.tsx';
import { Row, Rows } from '../../design/row.tsx';
import { Points, usePointsText } from '../../design/values.tsx';
import { type Month, monthsOf } from './months.ts';
import { words } from './words.ts';

/** When which points are lost: by the last day on which they can be spent. */
export function ExpiryCalendar() {
  const t = useWords(words);
  const programme = useProgramme()?.code;
  const empty = <Empty title={t.none}>{t.noneAbout}</Empty>;
  return (
    <MoreList
      queryKey={['expiry']}
      load={(cursor, signal) => hongmi.getExpiry({ ...ME, ...(cursor && { cursor }) }, { signal })}
      empty={empty}
    >
      {(items, isAll) => {
        const months = monthsOf(items.filter((each) => each.programme === programme));
        if (months.length === 0) return isAll ? empty : null;
        return months.map((month) => <MonthCard key={month.month} month={month} />);
      }}
    </MoreList>
  );
}

function MonthCard({ month: { month, days, totals, weeks } }: { readonly month: Month }) {
  const t = useWords(words);
  const f = useFormat();
  const typeName = usePointTypeName();
  const pointsText = usePointsText();
  const tag = TAGS[useLanguage()];
  const weekday = new Intl.DateTimeFormat(tag, { weekday: 'narrow', timeZone: 'UTC' });
  const title = new Intl.DateTimeFormat(tag, {
    ...{ year: 'numeric', month: 'long', timeZone: 'UTC' },
  }).format(new Date(`${month}-01T00:00:00Z`));
  const marked = new Set(days.map(({ day }) => Number(day.slice(8))));
  return (
    <Card
      title={title}
      action={
        <span className="hm-soft">
          {f.list(
            [...totals].map(([type, points]) => `${pointsText(points, type)} ${typeName(type)}`),
          )}
        </span>
      }
    >
      {/* For the eye; the rows below say the same. */}
      <table className="hm-month" aria-hidden="true">
        <thead>
          <tr>
            {/* 2024 began on a Monday. */}
            {Array.from({ length: 7 }, (_, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a place in the week is what it is
              <th key={place}>{weekday.format(Date.UTC(2024, 0, place + 1))}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week.find((day) => day !== null)}>
              {week.map((day, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a place in the week is what it is
                <td key={place} data-marked={day !== null && marked.has(day)}>
                  <span>{day}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <Rows label={title}>
        {days.map(({ day, points, pointType }) => (
          <Row
            key={`${day} ${pointType}`}
            title={f.date(day)}
            about={`${t.lastDay} · ${typeName(pointType)}`}
            value={<Points value={points} type={pointType} />}
          />
        ))}
      </Rows>
    </Card>
  );
}
