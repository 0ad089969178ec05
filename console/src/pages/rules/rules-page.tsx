import { PlusOutlined } from '@ant-design/icons';
import { useFilter } from '@hongmi/ui/address.ts';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { Button, Select } from 'antd';
import { Link, useLocation } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { useMerchantNames } from '../../app/names.ts';
import { useProgramme } from '../../app/programme.tsx';
import { useMay } from '../../app/session.ts';
import { Card, Page } from '../../design/page.tsx';
import { Table } from '../../design/table.tsx';
import { Code, None, When } from '../../design/values.tsx';
import { Merchant } from '../../design/who.tsx';
import { foremost, versionWords } from '../../publishing/version.ts';
import { VersionTag } from '../../publishing/version-tag.tsx';
import { givesInWords } from './in-words.ts';
import type { Rule } from './rule.ts';
import { useTongue } from './tongue.ts';
import { words } from './words.ts';

const STATES = ['in_force', 'announced', 'draft'] as const;

/** Whether something of a rule is in a state. */
function isIn({ current, announced, draft }: Rule, state: string): boolean {
  if (state === 'in_force') return current !== null;
  return state === 'announced' ? announced.length > 0 : draft !== null;
}

type RulePage = { readonly items: readonly Rule[]; readonly nextCursor: string | null };

/** The next page on which there is a rule in this state: the API does not ask for states. */
async function pageIn(
  state: string | undefined,
  cursor: string | undefined,
  read: (cursor: string | undefined) => Promise<RulePage>,
): Promise<RulePage> {
  let from = cursor;
  for (;;) {
    const { items, nextCursor } = await read(from);
    const found = state === undefined ? items : items.filter((rule) => isIn(rule, state));
    if (found.length > 0 || nextCursor === null) return { items: found, nextCursor };
    from = nextCursor;
  }
}

/** All rules of the programme, of one owner, or in one state. */
export function RulesPage() {
  const t = useWords(words);
  const v = useWords(versionWords);
  const tongue = useTongue();
  const may = useMay();
  const programme = useProgramme();
  const merchants = useMerchantNames();
  const [, navigate] = useLocation();
  const [merchantId, setMerchant] = useFilter('merchant');
  const [state, setState] = useFilter('state');
  const nameOf = (rule: Rule): string => foremost(rule)?.body.name ?? rule.code;
  const givesOf = (rule: Rule): string | null => {
    const version = foremost(rule);
    return version === null ? null : givesInWords(version.body, tongue);
  };
  const isFiltered = merchantId !== undefined || state !== undefined;
  return (
    <Page
      title={t.title}
      about={t.about}
      actions={
        may('rules:write') ? (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => navigate('/new')}>
            {t.make}
          </Button>
        ) : undefined
      }
    >
      <div className="hm-filters">
        <label>
          {t.owner}
          <Select
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            placeholder={t.all}
            value={merchantId ?? null}
            onChange={(value) => setMerchant(value ?? undefined)}
            options={[...merchants].map(([value, label]) => ({ value, label }))}
            style={{ width: 220 }}
          />
        </label>
        <label>
          {t.state}
          <Select
            allowClear
            placeholder={t.all}
            value={state ?? null}
            onChange={(value) => setState(value ?? undefined)}
            options={STATES.map((value) => ({ value, label: v[value] }))}
            style={{ width: 160 }}
          />
        </label>
      </div>
      <Card flush>
        {programme === undefined ? null : (
          <Table<Rule>
            label={t.title}
            queryKey={['rules', programme.code, merchantId, state]}
            rowKey={({ id }) => id}
            load={(cursor, signal) =>
              pageIn(state, cursor, (from) =>
                hongmi.listRules(
                  { programme: programme.code, merchantId, cursor: from },
                  { signal },
                ),
              )
            }
            exportAs="rules"
            empty={
              isFiltered ? (
                <Empty title={t.nothingMatches} />
              ) : (
                <Empty title={t.empty}>{t.emptyWhy}</Empty>
              )
            }
            columns={[
              {
                key: 'name',
                title: t.name,
                sortable: true,
                render: (rule) => <Link href={`/${rule.id}`}>{nameOf(rule)}</Link>,
                value: nameOf,
              },
              {
                key: 'gives',
                title: t.gives,
                render: (rule) => givesOf(rule) ?? <None />,
                value: givesOf,
              },
              {
                key: 'on',
                title: t.on,
                sortable: true,
                render: (rule) => {
                  const on = foremost(rule)?.body.on;
                  return on === undefined ? <None /> : t.ons[on];
                },
                value: (rule) => foremost(rule)?.body.on ?? null,
              },
              {
                key: 'owner',
                title: t.owner,
                render: ({ merchantId: id }) => <Merchant id={id} />,
                value: ({ merchantId: id }) =>
                  id === null ? t.platform : (merchants.get(id) ?? id),
              },
              {
                key: 'state',
                title: t.state,
                render: (rule) => {
                  const version = foremost(rule);
                  return version === null ? (
                    <None />
                  ) : (
                    <span className="hm-actions">
                      <VersionTag state={version.state} />
                      {rule.draft !== null && version.state !== 'draft' ? (
                        <VersionTag state="draft" />
                      ) : null}
                    </span>
                  );
                },
                value: (rule) => foremost(rule)?.state ?? null,
              },
              {
                key: 'from',
                title: t.from,
                sortable: true,
                render: (rule) => {
                  const from = foremost(rule)?.from ?? null;
                  return from === null ? <None /> : <When at={from} dayOnly />;
                },
                value: (rule) => foremost(rule)?.from ?? null,
              },
              {
                key: 'code',
                title: t.code,
                render: ({ code }) => <Code>{code}</Code>,
                value: ({ code }) => code,
              },
            ]}
          />
        )}
      </Card>
    </Page>
  );
}
