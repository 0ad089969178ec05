import { useConnection } from '@hongmi/ui/connection.ts';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import {
  BillOutline,
  ClockCircleOutline,
  MoreOutline,
  UnorderedListOutline,
} from 'antd-mobile-icons';
import type { ReactNode } from 'react';
import { Link, Route, Switch, useLocation } from 'wouter';
import { DayPage } from '../day/day-page.tsx';
import { DeskPage } from '../desk/desk-page.tsx';
import { useDeal } from '../desk/use-deal.ts';
import { MorePage } from '../more/more-page.tsx';
import { isOpen } from '../queue/open-shelf.ts';
import { QueuePage } from '../waiting/queue-page.tsx';
import { useEntries, useTill } from './till.ts';

const words = wordsOf({
  zh: {
    desk: '收银',
    queue: '待入账',
    day: '今日',
    more: '更多',
    online: '在线',
    offline: '断网',
    pages: '收银台的页面',
    open: (count: string) => `${count} 笔未完`,
  },
  en: {
    desk: 'Till',
    queue: 'To book',
    day: 'Today',
    more: 'More',
    online: 'Online',
    offline: 'Offline',
    pages: 'Pages of the till',
    open: (count: string) => `${count} open`,
  },
});

/** The head with where and who this is, the page, and the way to the others. */
export function Frame() {
  const t = useWords(words);
  const f = useFormat();
  const { shop, store } = useTill();
  const { isReachable } = useConnection();
  const open = useEntries().filter(isOpen).length;
  // Here, and not on its page: it goes on while the others are looked at, and ends with who is signed in.
  const deal = useDeal();
  const place = shop.stores.find(({ code }) => code === store)?.name;
  return (
    <div className="till-frame">
      <header className="till-head">
        <div>
          <strong>{place ?? shop.name}</strong>
          <span className="hm-soft">{shop.staff.name}</span>
        </div>
        <span className="till-link" data-tone={isReachable ? 'good' : 'warn'} role="status">
          {isReachable ? t.online : t.offline}
        </span>
      </header>
      <nav className="till-nav" aria-label={t.pages}>
        <To path="/" icon={<BillOutline />} label={t.desk} />
        <To
          path="/queue"
          icon={<ClockCircleOutline />}
          label={t.queue}
          count={open}
          said={open === 0 ? undefined : t.open(f.number(open))}
        />
        <To path="/day" icon={<UnorderedListOutline />} label={t.day} />
        <To path="/more" icon={<MoreOutline />} label={t.more} />
      </nav>
      <main className="till-main" id="content">
        <Switch>
          <Route path="/queue">
            <QueuePage />
          </Route>
          <Route path="/day">
            <DayPage />
          </Route>
          <Route path="/more">
            <MorePage />
          </Route>
          <Route>
            <DeskPage deal={deal} />
          </Route>
        </Switch>
      </main>
    </div>
  );
}

function To({
  path,
  icon,
  label,
  count = 0,
  said,
}: {
  readonly path: string;
  readonly icon: ReactNode;
  readonly label: string;
  readonly count?: number;
  readonly said?: string | undefined;
}) {
  const [at] = useLocation();
  return (
    <Link href={path} aria-current={at === path ? 'page' : undefined}>
      <span aria-hidden="true">{icon}</span>
      <span>{label}</span>
      {count === 0 ? null : (
        <span className="till-count">
          <span aria-hidden="true">{count}</span>
          <span className="hm-hidden">{said}</span>
        </span>
      )}
    </Link>
  );
}
