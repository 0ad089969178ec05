import { useFilter } from '@hongmi/ui/address.ts';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { type QueryKey, useQuery } from '@tanstack/react-query';
import { Button, Tabs } from 'antd';
import { Link, useLocation } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { useMay, useSession } from '../../app/session.ts';
import { useAsk } from '../../design/ask.tsx';
import { FailureAlert } from '../../design/failure-shown.tsx';
import { Loaded } from '../../design/loaded.tsx';
import { Card, Page } from '../../design/page.tsx';
import { Code } from '../../design/values.tsx';
import { Merchant } from '../../design/who.tsx';
import { HistoryCard } from '../../publishing/history-card.tsx';
import { foremost } from '../../publishing/version.ts';
import { VersionTag } from '../../publishing/version-tag.tsx';
import { VersionsCard } from '../../publishing/versions-card.tsx';
import { DraftForm } from './draft-form.tsx';
import { ExamineTab } from './examine-tab.tsx';
import { pageWords } from './page-words.ts';
import { PublishTab } from './publish-tab.tsx';
import type { Rule, RuleVersion } from './rule.ts';
import { RuleShown } from './rule-shown.tsx';
import { SimulateTab } from './simulate-tab.tsx';
import { words } from './words.ts';

const FIRST_TAB = 'rule';
// What needs no notice counts ten seconds after it was published: who waits for it sees it begin.
const SOON_MS = 3_000;
const ABOUT_MS = 60_000;

function isAboutToBegin({ from }: RuleVersion): boolean {
  return from !== null && Math.abs(Date.parse(from) - Date.now()) < ABOUT_MS;
}

/** One rule: what it says, trying it, simulating it, publishing it, and all that ever was. */
export function RulePage({ id }: { readonly id: string }) {
  const queryKey = ['rule', id];
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => hongmi.getRule({ id }, { signal }),
    refetchInterval: ({ state: { data } }) =>
      data?.announced.some(isAboutToBegin) ? SOON_MS : false,
  });
  return <Loaded query={query}>{(rule) => <RuleFound rule={rule} queryKey={queryKey} />}</Loaded>;
}

function RuleFound({ rule, queryKey }: { readonly rule: Rule; readonly queryKey: QueryKey }) {
  const t = useWords(words);
  const p = useWords(pageWords);
  const may = useMay();
  const { merchantId: own } = useSession();
  const ask = useAsk();
  const [tab = FIRST_TAB, setTab] = useFilter('tab');
  // In the address: what is being written is found again after a reload.
  const [edit, setEdit] = useFilter('edit');
  const isEditing = edit !== undefined;
  const [, navigate] = useLocation();
  const { id, code, draft, current, merchantId } = rule;
  const touches = [queryKey, ['rules']];
  const retire = useWrite(
    (_: null, idempotencyKey) => hongmi.retireRule({ id }, { idempotencyKey }),
    { touches },
  );
  const version = foremost(rule);
  const isEnding = current?.retired === true;
  // A merchant reads the operator's rules and writes its own.
  const isTheirs = own === null || own === merchantId;
  const mayWrite = isTheirs && may('rules:write');
  const mayPublish = isTheirs && may('rules:publish');

  async function askToRetire(): Promise<void> {
    const question = { title: p.retireTitle, about: p.retireAbout, yes: p.retire, danger: true };
    if (await ask(question)) await retire.send(null);
  }

  const tabs = [
    {
      key: FIRST_TAB,
      label: p.tabs.rule,
      children: (
        <RuleTab
          rule={rule}
          isEditing={isEditing}
          touches={touches}
          close={() => setEdit(undefined)}
        />
      ),
    },
    { key: 'try', label: p.tabs.try, children: <ExamineTab rule={rule} /> },
    { key: 'simulate', label: p.tabs.simulate, children: <SimulateTab rule={rule} /> },
    ...(mayPublish
      ? [
          {
            key: 'publish',
            label: p.tabs.publish,
            children: <PublishTab rule={rule} touches={touches} />,
          },
        ]
      : []),
    {
      key: 'history',
      label: p.tabs.history,
      children: (
        <div className="hm-stack">
          <VersionsCard
            name={`${code}-versions`}
            queryKey={[...queryKey, 'versions']}
            load={(page, signal) => hongmi.listRuleVersions({ id, ...page }, { signal })}
          />
          <HistoryCard
            name={`${code}-history`}
            queryKey={[...queryKey, 'changes']}
            load={(page, signal) => hongmi.listRuleChanges({ id, ...page }, { signal })}
          />
        </div>
      ),
    },
  ];
  return (
    <Page
      above={<Link href="/">{t.title}</Link>}
      title={version?.body.name ?? code}
      about={
        <span className="hm-actions">
          <Code>{code}</Code>
          <Merchant id={merchantId} />
          {version === null ? null : <VersionTag state={version.state} />}
          {draft !== null && version?.state !== 'draft' ? <VersionTag state="draft" /> : null}
        </span>
      }
      actions={
        <>
          {mayWrite && !isEditing ? (
            <Button onClick={() => navigate(`/${id}?edit=yes`)}>
              {draft === null ? p.newDraft : p.edit}
            </Button>
          ) : null}
          {mayPublish && current !== null && !isEnding ? (
            <Button danger loading={retire.isSending} onClick={() => void askToRetire()}>
              {p.retire}
            </Button>
          ) : null}
        </>
      }
    >
      {retire.failure === undefined ? null : <FailureAlert failure={retire.failure} />}
      <Tabs
        activeKey={tab}
        onChange={(key) => setTab(key === FIRST_TAB ? undefined : key)}
        items={tabs}
        destroyOnHidden
      />
    </Page>
  );
}

/** What holds, what will, and the draft: read or written. */
function RuleTab({
  rule: { id, draft, current, announced, programme, merchantId },
  isEditing,
  touches,
  close,
}: {
  readonly rule: Rule;
  readonly isEditing: boolean;
  readonly touches: readonly QueryKey[];
  readonly close: () => void;
}) {
  const p = useWords(pageWords);
  const f = useFormat();
  const source = draft ?? current ?? announced[0];
  return (
    <div className="hm-stack">
      {isEditing && source !== undefined ? (
        <Card title={p.draft}>
          <DraftForm
            id={id}
            body={source.body}
            programme={programme}
            isOwners={merchantId !== null}
            touches={touches}
            close={close}
          />
        </Card>
      ) : null}
      {draft !== null && !isEditing ? (
        <Card title={p.draft}>
          <RuleShown version={draft} />
        </Card>
      ) : null}
      {current === null ? null : (
        <Card
          title={
            current.retired && current.until !== null ? p.retired(f.day(current.until)) : p.current
          }
        >
          <RuleShown version={current} />
        </Card>
      )}
      {announced.map((each) => (
        <Card key={each.id} title={p.announced(each.from === null ? '' : f.instant(each.from))}>
          <RuleShown version={each} />
        </Card>
      ))}
    </div>
  );
}
