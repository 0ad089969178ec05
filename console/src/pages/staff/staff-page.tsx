import { UserAddOutlined } from '@ant-design/icons';
import type { components } from '@hongmi/sdk';
import { useFilter } from '@hongmi/ui/address.ts';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { Button, Select } from 'antd';
import { Link, useLocation } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { type Role, roleWords } from '../../app/roles.ts';
import { useMay } from '../../app/session.ts';
import { Card, Page } from '../../design/page.tsx';
import { Table } from '../../design/table.tsx';
import { Tag, type Tone } from '../../design/tag.tsx';
import { When } from '../../design/values.tsx';
import { Merchant } from '../../design/who.tsx';
import { words } from './words.ts';

export type Staff = components['schemas']['Staff'];
type State = Staff['state'];

const STATES: readonly State[] = ['invited', 'active', 'suspended'];
const TONES: Readonly<Record<State, Tone>> = { invited: 'warn', active: 'good', suspended: 'bad' };

export function StaffPage() {
  const t = useWords(words);
  const roles = useWords(roleWords);
  const may = useMay();
  const [, go] = useLocation();
  const [askedRole, setRole] = useFilter('role');
  const [askedState, setState] = useFilter('state');
  const names = Object.keys(roles) as Role[];
  const role = names.find((each) => each === askedRole);
  const state = STATES.find((each) => each === askedState);
  return (
    <Page
      title={t.title}
      about={t.about}
      actions={
        may('staff:write') ? (
          <Button type="primary" icon={<UserAddOutlined />} onClick={() => go('/new')}>
            {t.invite}
          </Button>
        ) : null
      }
    >
      <Card flush>
        <div className="hm-filters hm-card-body">
          <label>
            {t.role}
            <Select
              aria-label={t.role}
              allowClear
              placeholder={t.allRoles}
              value={role ?? null}
              onChange={(next) => setRole(next ?? undefined)}
              options={names.map((value) => ({ value, label: roles[value] }))}
              popupMatchSelectWidth={false}
              style={{ minWidth: 180 }}
            />
          </label>
          <label>
            {t.state}
            <Select
              aria-label={t.state}
              allowClear
              placeholder={t.allStates}
              value={state ?? null}
              onChange={(next) => setState(next ?? undefined)}
              options={STATES.map((value) => ({ value, label: t.states[value] }))}
              popupMatchSelectWidth={false}
              style={{ minWidth: 140 }}
            />
          </label>
        </div>
        <Table<Staff>
          label={t.title}
          queryKey={['staff', 'list', role, state]}
          load={(cursor, signal) =>
            hongmi.listStaff(
              { ...(role && { role }), ...(state && { state }), ...(cursor && { cursor }) },
              { signal },
            )
          }
          rowKey={({ id }) => id}
          exportAs="staff"
          empty={<Empty title={t.nobody}>{t.nobodyWhy}</Empty>}
          columns={[
            {
              key: 'name',
              title: t.name,
              render: ({ id, name }) => <Link href={`/${id}`}>{name}</Link>,
              value: ({ name }) => name,
              sortable: true,
            },
            {
              key: 'email',
              title: t.email,
              render: ({ email }) => email,
              value: ({ email }) => email,
              sortable: true,
            },
            {
              key: 'role',
              title: t.role,
              render: (each) => roles[each.role],
              value: (each) => roles[each.role],
              sortable: true,
            },
            {
              key: 'where',
              title: t.where,
              render: (each) => <Where staff={each} />,
              value: ({ merchantId, programme }) => merchantId ?? programme ?? '',
            },
            {
              key: 'state',
              title: t.state,
              render: (each) => <StateTag state={each.state} />,
              value: (each) => t.states[each.state],
              sortable: true,
            },
            {
              key: 'factor',
              title: t.factor,
              render: ({ secondFactor }) => t.factors[secondFactor],
              value: ({ secondFactor }) => t.factors[secondFactor],
            },
            {
              key: 'seen',
              title: t.seen,
              render: ({ seenAt }) =>
                seenAt === null ? <span className="hm-soft">{t.never}</span> : <When at={seenAt} />,
              value: ({ seenAt }) => seenAt,
              sortable: true,
            },
          ]}
        />
      </Card>
    </Page>
  );
}

export function StateTag({ state }: { readonly state: State }) {
  const t = useWords(words);
  return <Tag tone={TONES[state]}>{t.states[state]}</Tag>;
}

export function Where({ staff: { merchantId, programme } }: { readonly staff: Staff }) {
  const t = useWords(words);
  if (merchantId !== null) return <Merchant id={merchantId} />;
  return <span>{programme ?? t.platform}</span>;
}
