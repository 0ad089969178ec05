import { StopOutlined } from '@ant-design/icons';
import { useFilter } from '@hongmi/ui/address.ts';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { Button, Checkbox, Select } from 'antd';
import { Link, useLocation } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { useMerchantNames } from '../../app/names.ts';
import { useSaid } from '../../app/point-types.ts';
import { useProgramme } from '../../app/programme.tsx';
import { useMay, useSession } from '../../app/session.ts';
import { MerchantFilter } from '../../design/merchant-select.tsx';
import { Card, Page } from '../../design/page.tsx';
import { Table } from '../../design/table.tsx';
import { When } from '../../design/values.tsx';
import { Merchant } from '../../design/who.tsx';
import { type Case, STATES } from './case-rules.ts';
import { Due, StateTag } from './state-tag.tsx';
import { words } from './words.ts';

const SOON_MS = 3 * 86_400_000;

/** Everybody's worklist: the next deadline first. */
export function CasesPage() {
  const t = useWords(words);
  const said = useSaid();
  const may = useMay();
  const programme = useProgramme();
  const merchants = useMerchantNames();
  const [, navigate] = useLocation();
  const isMerchants = useSession().merchantId !== null;
  const [stateText, setState] = useFilter('state');
  const [merchantId, setMerchant] = useFilter('merchant');
  const [due, setDue] = useFilter('due');
  const state = STATES.find((each) => each === stateText);
  const now = programme?.now;
  const dueBefore =
    due === undefined || now === undefined
      ? undefined
      : new Date(Date.parse(now) + SOON_MS).toISOString();
  return (
    <Page
      title={t.title}
      about={t.about}
      actions={
        may('after-sales:answer') ? (
          <Button icon={<StopOutlined />} onClick={() => navigate('/supplier-cancellations/new')}>
            {t.cancel}
          </Button>
        ) : undefined
      }
    >
      <div className="hm-filters">
        <label>
          {t.filters.state}
          <Select
            allowClear
            placeholder={t.all}
            value={state ?? null}
            onChange={(value) => setState(value ?? undefined)}
            options={STATES.map((value) => ({ value, label: t.states[value] }))}
            style={{ width: 180 }}
          />
        </label>
        {isMerchants ? null : (
          <MerchantFilter label={t.filters.merchant} value={merchantId} onChange={setMerchant} />
        )}
        <Checkbox
          checked={due !== undefined}
          onChange={({ target }) => setDue(target.checked ? 'soon' : undefined)}
        >
          {t.dueWithin}
        </Checkbox>
      </div>
      <Card flush>
        <Table<Case>
          label={t.title}
          queryKey={['after-sales', state, merchantId, dueBefore]}
          rowKey={({ id }) => id}
          load={(cursor, signal) =>
            hongmi.listAfterSalesCases({ state, merchantId, dueBefore, cursor }, { signal })
          }
          exportAs="after-sales"
          empty={<Empty title={t.empty}>{t.emptyWhy}</Empty>}
          columns={[
            {
              key: 'what',
              title: t.columns.what,
              render: ({ id, name }) => <Link href={`/${id}`}>{said(name)}</Link>,
              value: ({ name }) => said(name),
            },
            {
              key: 'kind',
              title: t.columns.kind,
              sortable: true,
              render: ({ kind }) => t.kinds[kind],
              value: ({ kind }) => t.kinds[kind],
            },
            {
              key: 'reason',
              title: t.columns.reason,
              render: ({ reason }) => t.reasons[reason],
              value: ({ reason }) => t.reasons[reason],
            },
            ...(isMerchants
              ? []
              : [
                  {
                    key: 'merchant',
                    title: t.columns.merchant,
                    sortable: true,
                    render: (each: Case) => <Merchant id={each.merchantId} />,
                    value: (each: Case) => merchants.get(each.merchantId) ?? each.merchantId,
                  },
                ]),
            {
              key: 'state',
              title: t.columns.state,
              sortable: true,
              render: (each) => <StateTag state={each.state} />,
              value: (each) => t.states[each.state],
            },
            {
              key: 'due',
              title: t.columns.due,
              render: ({ dueAt }) => <Due at={dueAt} />,
              value: ({ dueAt }) => dueAt,
            },
            {
              key: 'openedAt',
              title: t.columns.openedAt,
              sortable: true,
              render: ({ openedAt }) => <When at={openedAt} />,
              value: ({ openedAt }) => openedAt,
            },
          ]}
        />
      </Card>
    </Page>
  );
}
