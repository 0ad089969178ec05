import { useFilter } from '@hongmi/ui/address.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { useQuery } from '@tanstack/react-query';
import { Button, Tabs } from 'antd';
import type { ComponentType, ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { useMay, useSession } from '../app/session.ts';
import { FailureAlert } from '../design/failure-shown.tsx';
import { Loaded } from '../design/loaded.tsx';
import { useAsk } from '../design/notices.tsx';
import { Page } from '../design/page.tsx';
import { Code } from '../design/values.tsx';
import { Merchant } from '../design/who.tsx';
import type { Editor, Family } from './family.ts';
import { HistoryCard } from './history-card.tsx';
import { type Proof, PublishTab } from './publish-tab.tsx';
import { TermsTab } from './terms-tab.tsx';
import { foremost, type Published, type Version } from './version.ts';
import { StateTags } from './version-tag.tsx';
import { VersionsCard } from './versions-card.tsx';

const words = wordsOf({
  zh: {
    terms: '条款',
    publish: '发布',
    history: '版本与记录',
    edit: '编辑草稿',
    newDraft: '起草新版本',
    retire: '停用',
    retireTitle: '停用？',
    retireAbout: '此前发生的不受影响。停用对会员更差，须提前公告，公告期内仍然有效。',
  },
  en: {
    terms: 'Terms',
    publish: 'Publish',
    history: 'Versions and history',
    edit: 'Edit draft',
    newDraft: 'Draft a new version',
    retire: 'Retire',
    retireTitle: 'Retire it?',
    retireAbout:
      'What happened before is not touched. It is worse for members, so it takes notice, and until then the item counts.',
  },
});

const FIRST_TAB = 'terms';
// What needs no notice counts ten seconds after it was published: who waits for it sees it begin.
const SOON_MS = 3_000;
const ABOUT_MS = 60_000;

function isAboutToBegin({ from }: Version<unknown>): boolean {
  return from !== null && Math.abs(Date.parse(from) - Date.now()) < ABOUT_MS;
}

interface Tab {
  readonly key: string;
  readonly label: string;
  readonly children: ReactNode;
}

interface ItemLooks<Body extends object, Item extends Published<Body>> {
  readonly family: Family<Body, Item>;
  /** The name of the list that it is in. */
  readonly list: string;
  readonly nameOf: (body: Body) => string;
  /** What terms say, to a person. */
  readonly shown: ComponentType<{ readonly body: Body }>;
  readonly editor: Editor<Body>;
  /** Why a version is worse for members, by the API's codes. */
  readonly reasons: Readonly<Record<string, string>>;
  /** What only this family has, between its terms and their publication. */
  readonly tabs?: (item: Item) => readonly Tab[];
  readonly proof?: Proof;
}

/** A rule, reward or promotion: what holds, what will, its draft, publishing it, its versions and its history. */
export function ItemPage<Body extends object, Item extends Published<Body>>({
  id,
  ...looks
}: ItemLooks<Body, Item> & { readonly id: string }) {
  const { family } = looks;
  const query = useQuery({
    queryKey: [family.one, id],
    queryFn: ({ signal }) => family.get({ id }, { signal }),
    refetchInterval: ({ state: { data } }) =>
      data?.announced.some(isAboutToBegin) ? SOON_MS : false,
  });
  return <Loaded query={query}>{(item) => <ItemFound {...looks} item={item} />}</Loaded>;
}

function ItemFound<Body extends object, Item extends Published<Body>>({
  item,
  family,
  list,
  nameOf,
  shown,
  editor,
  reasons,
  tabs,
  proof,
}: ItemLooks<Body, Item> & { readonly item: Item }) {
  const t = useWords(words);
  const may = useMay();
  const { merchantId: own } = useSession();
  const ask = useAsk();
  const [tab = FIRST_TAB, setTab] = useFilter('tab');
  // In the address: what is being written is found again after a reload.
  const [edit, setEdit] = useFilter('edit');
  const isEditing = edit !== undefined;
  const [, navigate] = useLocation();
  const { id, code, draft, current, merchantId } = item;
  const queryKey = [family.one, id];
  const touches = [queryKey, [`${family.one}s`]];
  const retire = useWrite((_: null, idempotencyKey) => family.retire({ id }, { idempotencyKey }), {
    touches,
  });
  const version = foremost(item);
  // A merchant reads what is the operator's, and writes its own.
  const isTheirs = own === null || own === merchantId;
  const mayWrite = isTheirs && may(`${family.scopes}:write`);
  const mayPublish = isTheirs && may(`${family.scopes}:publish`);

  async function askToRetire(): Promise<void> {
    const question = { title: t.retireTitle, about: t.retireAbout, yes: t.retire, danger: true };
    if (await ask(question)) await retire.send(null);
  }

  const terms = (
    <TermsTab
      item={item}
      {...{ family, shown, editor, isEditing, touches }}
      close={() => setEdit(undefined)}
    />
  );
  const publish = <PublishTab item={item} {...{ family, reasons, proof }} />;
  const history = (
    <div className="hm-stack">
      <VersionsCard
        name={`${code}-versions`}
        queryKey={[...queryKey, 'versions']}
        load={(page, signal) => family.versions({ id, ...page }, { signal })}
      />
      <HistoryCard
        name={`${code}-history`}
        queryKey={[...queryKey, 'changes']}
        load={(page, signal) => family.changes({ id, ...page }, { signal })}
      />
    </div>
  );
  return (
    <Page
      above={<Link href="/">{list}</Link>}
      title={version === null ? code : nameOf(version.body)}
      about={
        <span className="hm-actions">
          <Code>{code}</Code>
          <Merchant id={merchantId} />
          <StateTags item={item} family={family} />
        </span>
      }
      actions={
        <>
          {mayWrite && !isEditing && version !== null ? (
            <Button onClick={() => navigate(`/${id}?edit=yes`)}>
              {draft === null ? t.newDraft : t.edit}
            </Button>
          ) : null}
          {mayPublish && current !== null && !current.retired ? (
            <Button danger loading={retire.isSending} onClick={() => void askToRetire()}>
              {t.retire}
            </Button>
          ) : null}
        </>
      }
    >
      {retire.failure === undefined ? null : <FailureAlert failure={retire.failure} />}
      <Tabs
        activeKey={tab}
        onChange={(key) => setTab(key === FIRST_TAB ? undefined : key)}
        items={[
          { key: FIRST_TAB, label: t.terms, children: terms },
          ...(tabs?.(item) ?? []),
          ...(mayPublish ? [{ key: 'publish', label: t.publish, children: publish }] : []),
          { key: 'history', label: t.history, children: history },
        ]}
        destroyOnHidden
      />
    </Page>
  );
}
