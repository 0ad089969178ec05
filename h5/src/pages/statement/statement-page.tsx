import { csvOf } from '@hongmi/ui/csv.ts';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { Loaded } from '@hongmi/ui/mobile/loaded.tsx';
import { Notice } from '@hongmi/ui/mobile/notice.tsx';
import { saveBlob } from '@hongmi/ui/save-blob.ts';
import { instantOf, wallAt } from '@hongmi/ui/wall-time.ts';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd-mobile';
import { useId, useState } from 'react';
import { usePointScale, usePointTypeName, useProgramme } from '../../app/programme.ts';
import { Facts } from '../../design/facts.tsx';
import { Card, Page } from '../../design/page.tsx';
import { Points } from '../../design/values.tsx';
import { words as recordWords } from '../records/words.ts';
import { dayAfter, readStatement, type Statement } from './read-statement.ts';
import { words } from './words.ts';

/** What there was, what changed, what there is, between two days; and all of it as a file. */
export default function StatementPage() {
  const t = useWords(words);
  const programme = useProgramme();
  return (
    <Page title={t.title} about={t.about} up="~/m/">
      {programme === undefined ? null : (
        <Asked
          timeZone={programme.timeZone}
          today={wallAt(new Date(Date.now() + programme.aheadMs), programme.timeZone).slice(0, 10)}
        />
      )}
    </Page>
  );
}

function Asked({ timeZone, today }: { readonly timeZone: string; readonly today: string }) {
  const t = useWords(words);
  const [from, setFrom] = useState(`${today.slice(0, 7)}-01`);
  const [to, setTo] = useState(today);
  return (
    <>
      <Card>
        <div className="hm-form hm-days">
          <Day label={t.from} value={from} onChange={setFrom} />
          <Day label={t.to} value={to} onChange={setTo} />
        </div>
      </Card>
      {from === '' || to === '' ? null : to < from ? (
        <Notice tone="warn" title={t.wrongDays} />
      ) : (
        <Told from={from} to={to} timeZone={timeZone} />
      )}
    </>
  );
}

function Day({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (day: string) => void;
}) {
  const id = useId();
  return (
    <div className="hm-day">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="date"
        required
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
    </div>
  );
}

function Told({
  from,
  to,
  timeZone,
}: {
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
}) {
  const programme = useProgramme()?.code;
  const query = useQuery({
    queryKey: ['statement', from, to],
    queryFn: ({ signal }) =>
      readStatement(
        {
          from: instantOf(`${from}T00:00`, timeZone) ?? '',
          to: instantOf(`${dayAfter(to)}T00:00`, timeZone) ?? '',
        },
        signal,
      ),
  });
  return (
    <Loaded query={query} rows={6}>
      {(told) => <Shown statement={told} programme={programme ?? ''} name={`${from}_${to}`} />}
    </Loaded>
  );
}

function Shown({
  statement,
  programme,
  name,
}: {
  readonly statement: Statement;
  readonly programme: string;
  readonly name: string;
}) {
  const t = useWords(words);
  const typeName = usePointTypeName();
  const accounts = statement.accounts.filter((each) => each.programme === programme);
  const save = useSave(statement, programme, name);
  if (accounts.length === 0) return <Empty title={t.none} />;
  return (
    <>
      {statement.isCut ? <Notice tone="warn" title={t.tooMany} /> : null}
      {accounts.map(({ pointType, opening, closing, final }) => {
        const changes = statement.lines
          .filter((each) => each.programme === programme && each.pointType === pointType)
          .map(({ points }) => points);
        const sum = (wanted: (points: number) => boolean): number =>
          changes.filter(wanted).reduce((all, points) => all + points, 0);
        return (
          <Card key={pointType} title={typeName(pointType)}>
            <Facts
              rows={[
                [t.opening, <Points key="opening" value={opening} type={pointType} />],
                [
                  t.earned,
                  <Points key="in" value={sum((each) => each > 0)} type={pointType} signed />,
                ],
                [t.taken, <Points key="out" value={sum((each) => each < 0)} type={pointType} />],
                [t.closing, <Points key="closing" value={closing} type={pointType} />],
              ]}
            />
            <p className="hm-soft">{final ? t.final : t.open}</p>
          </Card>
        );
      })}
      <Button block color="primary" size="large" onClick={save}>
        {t.download}
      </Button>
    </>
  );
}

/** All changes as CSV, in the language of the page. */
function useSave(statement: Statement, programme: string, name: string): () => void {
  const t = useWords(words);
  const { kinds } = useWords(recordWords);
  const typeName = usePointTypeName();
  const scaleOf = usePointScale();
  const zone = useProgramme()?.timeZone ?? 'UTC';
  const { columns } = t;
  return () => {
    const head = [columns.at, columns.kind, columns.merchant, columns.pointType, columns.change];
    const rows = statement.lines
      .filter((each) => each.programme === programme)
      .map(({ at, kind, merchant, pointType, points, balance, id }) => [
        ...[wallAt(at, zone).replace('T', ' '), kinds[kind], merchant, typeName(pointType)],
        ...[points, balance].map((each) => each / 10 ** scaleOf(pointType)),
        id,
      ]);
    const text = csvOf([[...head, columns.balance, columns.number], ...rows]);
    saveBlob(new Blob([text], { type: 'text/csv;charset=utf-8' }), `${t.file}-${name}.csv`);
  };
}
