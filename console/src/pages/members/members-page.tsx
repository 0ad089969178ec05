import type { components } from '@hongmi/sdk';
import { useFilter } from '@hongmi/ui/address.ts';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { Input } from 'antd';
import { useState } from 'react';
import { Link } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { useSession } from '../../app/session.ts';
import { Card, Page } from '../../design/page.tsx';
import { Table } from '../../design/table.tsx';
import { Code, None, When } from '../../design/values.tsx';
import { externalIdsOf } from './external-ids.ts';
import { listWords } from './list-words.ts';

type Found = components['schemas']['MemberFound'];
const PAGE = 20;

/** One box that finds members; what was typed stands in the address. */
export function MembersPage() {
  const t = useWords(listWords);
  const { merchantId } = useSession();
  const [asked, setAsked] = useFilter('q');
  return (
    <Page title={t.title} about={merchantId === null ? t.about : t.aboutMerchant}>
      <SearchBox key={asked ?? ''} asked={asked ?? ''} ask={setAsked} />
      <Card flush>
        {asked === undefined ? <Empty title={t.begin}>{t.beginWhy}</Empty> : <Results q={asked} />}
      </Card>
    </Page>
  );
}

function SearchBox({
  asked,
  ask,
}: {
  readonly asked: string;
  readonly ask: (q: string | undefined) => void;
}) {
  const t = useWords(listWords);
  const [typed, setTyped] = useState(asked);
  return (
    <search>
      <Input.Search
        aria-label={t.search}
        placeholder={t.searchHint}
        size="large"
        allowClear
        enterButton={t.search}
        maxLength={200}
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
        onSearch={(q) => ask(q.trim() === '' ? undefined : q.trim())}
        style={{ maxWidth: 640 }}
      />
    </search>
  );
}

/** The next page with somebody on it: the API hands out empty ones while it passes members whom a merchant does not know. */
async function findSome(q: string, cursor: string | undefined, signal: AbortSignal) {
  let page = await hongmi.searchMembers({ q, limit: PAGE, ...(cursor && { cursor }) }, { signal });
  while (page.items.length === 0 && page.nextCursor !== null && !signal.aborted)
    page = await hongmi.searchMembers({ q, limit: PAGE, cursor: page.nextCursor }, { signal });
  return page;
}

function Results({ q }: { readonly q: string }) {
  const t = useWords(listWords);
  return (
    <Table<Found>
      label={t.title}
      queryKey={['member-search', q]}
      rowKey={({ member }) => member.id}
      load={(cursor, signal) => findSome(q, cursor, signal)}
      empty={<Empty title={t.nobody}>{t.nobodyWhy}</Empty>}
      columns={[
        {
          key: 'name',
          title: t.name,
          render: ({ member }) => <Link href={`/${member.id}`}>{member.name ?? t.noName}</Link>,
        },
        {
          key: 'phone',
          title: t.phone,
          render: ({ member: { phoneLastFour } }) =>
            phoneLastFour === null ? <None /> : t.phoneEnd(phoneLastFour),
        },
        {
          key: 'id',
          title: t.code,
          render: ({ member }) => <Code short>{member.id}</Code>,
        },
        {
          key: 'external',
          title: t.externalIds,
          render: ({ member }) => externalIdsOf(member).join(' ') || <None />,
        },
        {
          key: 'joined',
          title: t.registered,
          sortable: true,
          value: ({ member }) => member.createdAt,
          render: ({ member }) => <When at={member.createdAt} dayOnly />,
        },
        { key: 'by', title: t.by, render: ({ foundBy }) => t.foundBy[foundBy] },
      ]}
    />
  );
}
