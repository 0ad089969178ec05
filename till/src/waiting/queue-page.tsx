import { Empty } from '@hongmi/ui/empty.tsx';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { Notice } from '@hongmi/ui/mobile/notice.tsx';
import { Button } from 'antd-mobile';
import { useEntries, useTill } from '../app/till.ts';
import { EntryRow } from '../entries/entry-row.tsx';
import { WhyNot } from '../entries/why-not.tsx';
import type { Entry } from '../queue/entry.ts';

const words = wordsOf({
  zh: {
    title: '待入账',
    none: '全部已入账',
    noneWhy: '断网时记下的账会列在这里，联网后自动入账。',
    failed: '未能入账',
    failedWhy: '这些已成交，但平台没有入账。请与会员和店长处理，然后确认已知悉。',
    seen: '已知悉',
    waiting: '等待入账',
    now: '立即重试',
    others: '其他收银员的账',
    othersWhy: (name: string) => `${name} 在这台收银机登录后自动入账。`,
  },
  en: {
    title: 'To be booked',
    none: 'Everything is booked',
    noneWhy:
      'What is rung up while the network is away stands here, and is booked once it is back.',
    failed: 'Could not be booked',
    failedWhy:
      'The customers have gone, but the platform did not book these. Settle them with the member and the manager, then acknowledge them.',
    seen: 'Acknowledge',
    waiting: 'Waiting',
    now: 'Try now',
    others: 'Of other cashiers',
    othersWhy: (name: string) => `Booked once ${name} signs in at this till.`,
  },
});

/** What is not booked yet, and what could not be. */
export function QueuePage() {
  const t = useWords(words);
  const f = useFormat();
  const till = useTill();
  const entries = useEntries();
  const isOwn = ({ staff }: Entry): boolean => staff.id === till.shop.staff.id;
  const failed = entries.filter((each) => each.state === 'refused' && !each.seen);
  const waiting = entries.filter(({ state }) => state === 'waiting').reverse();
  const own = waiting.filter(isOwn);
  const foreign = waiting.filter((each) => !isOwn(each));
  const others = [...new Set(foreign.map(({ staff }) => staff.name))].map(
    (name) => [name, foreign.filter(({ staff }) => staff.name === name)] as const,
  );
  const isEmpty = failed.length === 0 && waiting.length === 0;
  return (
    <div className="till-page">
      <h1>{t.title}</h1>
      {isEmpty ? <Empty title={t.none}>{t.noneWhy}</Empty> : null}
      {failed.length === 0 ? null : (
        <section aria-labelledby="failed">
          <h2 id="failed">
            {t.failed} <span className="hm-number">{f.number(failed.length)}</span>
          </h2>
          <Notice tone="warn" title={t.failedWhy} />
          <ul className="till-list">
            {failed.map((entry) => (
              <EntryRow key={entry.key} entry={entry}>
                {entry.state === 'refused' ? <WhyNot why={entry.why} /> : null}
                <Button size="small" onClick={() => void till.acknowledge(entry)}>
                  {t.seen}
                </Button>
              </EntryRow>
            ))}
          </ul>
        </section>
      )}
      {own.length === 0 ? null : (
        <section aria-labelledby="waiting">
          <h2 id="waiting">
            {t.waiting} <span className="hm-number">{f.number(own.length)}</span>
          </h2>
          <ul className="till-list">
            {own.map((entry) => (
              <EntryRow key={entry.key} entry={entry} />
            ))}
          </ul>
          <Button block onClick={() => till.kick()}>
            {t.now}
          </Button>
        </section>
      )}
      {others.map(([name, list]) => (
        <section key={name} aria-label={`${t.others}: ${name}`}>
          <h2>
            {t.others}: {name} <span className="hm-number">{f.number(list.length)}</span>
          </h2>
          <p className="hm-soft">{t.othersWhy(name)}</p>
          <ul className="till-list">
            {list.map((entry) => (
              <EntryRow key={entry.key} entry={entry} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
