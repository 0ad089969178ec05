import { PlusOutlined } from '@ant-design/icons';
import { useFilter } from '@hongmi/ui/address.ts';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { Button, Select } from 'antd';
import { Link, useLocation } from 'wouter';
import { useMerchantNames } from '../app/names.ts';
import { useProgramme } from '../app/programme.tsx';
import { useMay } from '../app/session.ts';
import type { Column } from '../design/column.ts';
import { MerchantFilter } from '../design/merchant-select.tsx';
import { Card, Page } from '../design/page.tsx';
import { Table } from '../design/table.tsx';
import { Code, None, When } from '../design/values.tsx';
import { Merchant } from '../design/who.tsx';
import type { Family } from './family.ts';
import { foremost, type Published, versionWords } from './version.ts';
import { StateTags, useStateOf } from './version-tag.tsx';
import { itemWords } from './words.ts';

/** The states that a list can be narrowed to. */
const STATES = ['in_force', 'announced', 'draft', 'ended'] as const;

/** All items of a family in the programme, of one owner, or in one state. `columns`: of what they say, the foremost version of each. */
export function ListPage<Body extends object>({
  family,
  words,
  nameOf,
  columns,
}: {
  readonly family: Family<Body>;
  readonly words: Readonly<Record<'title' | 'about' | 'make' | 'empty' | 'emptyWhy', string>>;
  readonly nameOf: (body: Body) => string;
  readonly columns: readonly Column<Body>[];
}) {
  const t = useWords(itemWords);
  const v = useWords(versionWords);
  const may = useMay();
  const programme = useProgramme();
  const merchants = useMerchantNames();
  const stateOf = useStateOf(family);
  const [, navigate] = useLocation();
  const [merchantId, setMerchant] = useFilter('merchant');
  const [inAddress, setState] = useFilter('state');
  const state = STATES.find((each) => each === inAddress);
  const isFiltered = merchantId !== undefined || state !== undefined;
  const named = (item: Published<Body>): string => {
    const version = foremost(item);
    return version === null ? item.code : nameOf(version.body);
  };
  return (
    <Page
      title={words.title}
      about={words.about}
      actions={
        may(`${family.scopes}:write`) ? (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => navigate('/new')}>
            {words.make}
          </Button>
        ) : undefined
      }
    >
      <div className="hm-filters">
        <MerchantFilter label={t.owner} value={merchantId} onChange={setMerchant} />
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
          <Table<Published<Body>>
            label={words.title}
            queryKey={[`${family.one}s`, programme.code, merchantId, state]}
            rowKey={({ id }) => id}
            load={(cursor, signal) =>
              family.list(
                {
                  ...{ programme: programme.code, merchantId },
                  ...(state && { state }),
                  ...(cursor && { cursor }),
                },
                { signal },
              )
            }
            exportAs={`${family.one}s`}
            empty={
              isFiltered ? (
                <Empty title={t.nothingMatches} />
              ) : (
                <Empty title={words.empty}>{words.emptyWhy}</Empty>
              )
            }
            columns={[
              {
                key: 'name',
                title: t.name,
                sortable: true,
                render: (item) => <Link href={`/${item.id}`}>{named(item)}</Link>,
                value: named,
              },
              ...columns.map(ofForemost),
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
                render: (item) => <StateTags item={item} family={family} />,
                sortable: true,
                value: (item) => stateOf(item) ?? null,
              },
              {
                key: 'from',
                title: t.from,
                sortable: true,
                render: (item) => {
                  const from = foremost(item)?.from ?? null;
                  return from === null ? <None /> : <When at={from} dayOnly />;
                },
                value: (item) => foremost(item)?.from ?? null,
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

/** A column of terms as one of items: of the version that tells best what they are about. */
function ofForemost<Body>(column: Column<Body>): Column<Published<Body>> {
  const { render, value, ...rest } = column;
  return {
    ...rest,
    render: (item) => {
      const version = foremost(item);
      return version === null ? <None /> : render(version.body);
    },
    ...(value && {
      value: (item) => {
        const version = foremost(item);
        return version === null ? null : value(version.body);
      },
    }),
  };
}
