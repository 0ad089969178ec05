import { useFormat } from '@hongmi/ui/format.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { type QueryKey, useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import type { AskedPage } from '../app/pages.ts';
import { type Scope, useMay } from '../app/session.ts';
import { useAsk } from '../design/ask.tsx';
import type { PageOf } from '../design/column.ts';
import { FailureAlert } from '../design/failure-shown.tsx';
import { Loaded } from '../design/loaded.tsx';
import { Card, Page } from '../design/page.tsx';
import { Code } from '../design/values.tsx';
import { type Change, HistoryCard } from './history-card.tsx';
import { PublishCard } from './publish-card.tsx';
import { foremost, type Published, type Version } from './version.ts';
import { VersionTag } from './version-tag.tsx';
import { VersionsCard } from './versions-card.tsx';

const words = wordsOf({
  zh: {
    current: '现行条款',
    draft: '草稿',
    announced: (from: string) => `已公告，自 ${from} 起`,
    edit: '编辑草稿',
    newDraft: '起草新版本',
    retire: '停用',
    retireTitle: '停用？',
    retireAbout: '此前发生的不受影响。对会员更差时须提前公告。',
  },
  en: {
    current: 'In force',
    draft: 'Draft',
    announced: (from: string) => `Announced, from ${from}`,
    edit: 'Edit draft',
    newDraft: 'Draft a new version',
    retire: 'Retire',
    retireTitle: 'Retire it?',
    retireAbout:
      'What happened before is not touched. Where that is worse for members it takes notice.',
  },
});

interface Options {
  readonly idempotencyKey: string;
}

/** What can be done with an item, by the operations of its family. */
export interface ItemApi<Body> {
  readonly get: (signal: AbortSignal) => Promise<Published<Body>>;
  readonly publish: (asked: { readonly from?: string }, options: Options) => Promise<unknown>;
  readonly drop: (options: Options) => Promise<unknown>;
  readonly retire: (options: Options) => Promise<unknown>;
  readonly versions: (page: AskedPage, signal: AbortSignal) => Promise<PageOf<Version<Body>>>;
  readonly changes: (page: AskedPage, signal: AbortSignal) => Promise<PageOf<Change>>;
}

/** A rule, reward or promotion: what holds, what will, its draft and what can be done with it, its versions and history. */
export function ItemPage<Body extends object>({
  family,
  id,
  list,
  api,
  nameOf,
  shown,
  editor,
  children,
}: {
  readonly family: 'rule' | 'reward' | 'promotion';
  readonly id: string;
  /** The name of the list that it is in. */
  readonly list: string;
  readonly api: ItemApi<Body>;
  readonly nameOf: (body: Body) => string;
  readonly shown: (body: Body) => ReactNode;
  readonly editor: (body: Body, touches: readonly QueryKey[], close: () => void) => ReactNode;
  readonly children?: ReactNode;
}) {
  const t = useWords(words);
  const f = useFormat();
  const may = useMay();
  const ask = useAsk();
  const [isEditing, setEditing] = useState(false);
  const queryKey = [family, id];
  const touches = [queryKey, [`${family}s`]];
  const query = useQuery({ queryKey, queryFn: ({ signal }) => api.get(signal) });
  const publish = useWrite(
    (asked: { readonly from?: string }, idempotencyKey) => api.publish(asked, { idempotencyKey }),
    { touches },
  );
  const drop = useWrite((_: null, idempotencyKey) => api.drop({ idempotencyKey }), { touches });
  const retire = useWrite((_: null, idempotencyKey) => api.retire({ idempotencyKey }), { touches });
  // Promotions are written by whoever may write rewards.
  const scopes = family === 'rule' ? 'rules' : 'rewards';
  const mayWrite = may(`${scopes}:write` satisfies Scope);
  const mayPublish = may(`${scopes}:publish` satisfies Scope);

  async function askToRetire(): Promise<void> {
    const question = { title: t.retireTitle, about: t.retireAbout, yes: t.retire, danger: true };
    if (await ask(question)) await retire.send(null);
  }

  return (
    <Loaded query={query}>
      {(item) => {
        const { draft, current, announced, code } = item;
        const version = foremost(item);
        return (
          <Page
            above={<Link href="/">{list}</Link>}
            title={version === null ? code : nameOf(version.body)}
            about={
              <>
                <Code>{code}</Code> {version === null ? null : <VersionTag state={version.state} />}
              </>
            }
            actions={
              <>
                {mayWrite && !isEditing ? (
                  <Button onClick={() => setEditing(true)}>
                    {draft === null ? t.newDraft : t.edit}
                  </Button>
                ) : null}
                {mayPublish && current !== null ? (
                  <Button danger loading={retire.isSending} onClick={() => void askToRetire()}>
                    {t.retire}
                  </Button>
                ) : null}
              </>
            }
          >
            {retire.failure === undefined ? null : <FailureAlert failure={retire.failure} />}
            {isEditing && version !== null ? (
              <Card title={t.draft}>
                {editor((draft ?? version).body, touches, () => setEditing(false))}
              </Card>
            ) : null}
            {draft !== null && !isEditing ? (
              <>
                <Card title={t.draft}>{shown(draft.body)}</Card>
                {mayPublish ? <PublishCard publish={publish} drop={drop} /> : null}
              </>
            ) : null}
            {current === null ? null : <Card title={t.current}>{shown(current.body)}</Card>}
            {announced.map((each) => (
              <Card
                key={each.id}
                title={t.announced(each.from === null ? '' : f.instant(each.from))}
              >
                {shown(each.body)}
              </Card>
            ))}
            {children}
            <VersionsCard
              name={`${code}-versions`}
              queryKey={[...queryKey, 'versions']}
              load={api.versions}
            />
            <HistoryCard
              name={`${code}-history`}
              queryKey={[...queryKey, 'changes']}
              load={api.changes}
            />
          </Page>
        );
      }}
    </Loaded>
  );
}
