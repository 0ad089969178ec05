import { Empty } from '@hongmi/ui/empty.tsx';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { later } from '@hongmi/ui/later.ts';
import { Skeleton } from '@hongmi/ui/mobile/loaded.tsx';
import { useQuery } from '@tanstack/react-query';
import {
  CalendarOutline,
  FlagOutline,
  GiftOutline,
  MailOutline,
  SmileOutline,
} from 'antd-mobile-icons';
import { Suspense } from 'react';
import { Link } from 'wouter';
import { hongmi, ME } from '../../app/api.ts';
import { useBalances } from '../../app/balances.ts';
import { useMe } from '../../app/me.ts';
import { useProgramme } from '../../app/programme.ts';
import { Card, Page } from '../../design/page.tsx';
import { BalanceCard, OtherBalances } from './balance-card.tsx';
import { NextCard } from './next-card.tsx';
import { words } from './words.ts';
import './home.css';

const RecentCard = later(() => import('./recent-card.tsx'), 'RecentCard');

/** What the member has, what is about to be lost, and the next good thing to do. */
export default function HomePage() {
  const t = useWords(words);
  const { name, programmes } = useMe();
  const programme = useProgramme();
  const balances = useBalances();
  const [main, ...others] = balances ?? [];
  const title = name === null ? (programme?.name ?? t.title) : t.hello(name);
  if (programmes.length === 0)
    return (
      <Page title={title}>
        <Empty title={t.noProgramme}>{t.noProgrammeAbout}</Empty>
      </Page>
    );
  return (
    <Page title={title} action={<MessagesLink />}>
      {balances === undefined ? (
        <div className="hm-balance">
          <Skeleton rows={4} />
        </div>
      ) : (
        <BalanceCard balance={main} />
      )}
      <NextCard balances={balances} />
      <Shortcuts />
      {others.length === 0 ? null : <OtherBalances balances={others} />}
      <Suspense
        fallback={
          <Card title={t.recent}>
            <Skeleton rows={6} />
          </Card>
        }
      >
        <RecentCard />
      </Suspense>
    </Page>
  );
}

function MessagesLink() {
  const t = useWords(words);
  const f = useFormat();
  const { data } = useQuery({
    queryKey: ['unread'],
    queryFn: async ({ signal }) =>
      (await hongmi.fetchMessages({ ...ME, limit: 1 }, { signal })).unread,
  });
  const unread = data ?? 0;
  return (
    <Link
      className="hm-icon-button"
      href="/messages"
      aria-label={unread === 0 ? t.messagesNone : t.messages(f.number(unread))}
    >
      <MailOutline aria-hidden />
      {unread === 0 ? null : <span className="hm-dot" />}
    </Link>
  );
}

const SHORTCUTS = [
  { href: '/offers', name: 'offers', Icon: GiftOutline },
  { href: '/points', name: 'lots', Icon: CalendarOutline },
  { href: '/tier', name: 'tierPage', Icon: FlagOutline },
  { href: '/green', name: 'green', Icon: SmileOutline },
] as const;

function Shortcuts() {
  const t = useWords(words);
  return (
    <nav className="hm-shortcuts" aria-label={t.shortcuts}>
      {SHORTCUTS.map(({ href, name, Icon }) => (
        <Link key={href} href={href}>
          <Icon aria-hidden />
          <span>{t[name]}</span>
        </Link>
      ))}
    </nav>
  );
}
