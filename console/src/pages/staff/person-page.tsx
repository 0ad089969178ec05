import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { useQuery } from '@tanstack/react-query';
import { Form as AntForm, Input, Select } from 'antd';
import { Link } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { type Place, ROLES_AT, type Role, roleWords } from '../../app/roles.ts';
import { useMay, useSession } from '../../app/session.ts';
import { dropDraft } from '../../design/draft.ts';
import { Form } from '../../design/form.tsx';
import { Loaded } from '../../design/loaded.tsx';
import { useMessage } from '../../design/notices.tsx';
import { Card, Facts, Page } from '../../design/page.tsx';
import { Tag } from '../../design/tag.tsx';
import { Code, None, When } from '../../design/values.tsx';
import { SecurityCard } from './security-card.tsx';
import { type Staff, StateTag, Where } from './staff-page.tsx';
import { words } from './words.ts';

/** Somebody who works here. */
export function PersonPage({ id }: { readonly id: string }) {
  const t = useWords(words);
  const query = useQuery({
    queryKey: ['staff', id],
    queryFn: ({ signal }) => hongmi.readStaff({ id }, { signal }),
  });
  return (
    <Loaded query={query}>
      {(staff) => (
        <Page
          title={staff.name}
          above={<Link href="/">{t.title}</Link>}
          actions={staff.demo ? <Tag tone="info">{t.demo}</Tag> : null}
        >
          <About staff={staff} />
          <ChangeCard staff={staff} />
          <SecurityCard staff={staff} />
        </Page>
      )}
    </Loaded>
  );
}

function About({ staff }: { readonly staff: Staff }) {
  const t = useWords(words);
  const roles = useWords(roleWords);
  return (
    <Card title={t.account}>
      <Facts
        rows={[
          [t.email, staff.email],
          [t.role, roles[staff.role]],
          [t.where, <Where key="where" staff={staff} />],
          [t.state, <StateTag key="state" state={staff.state} />],
          [t.factor, t.factors[staff.secondFactor]],
          [
            t.seen,
            staff.seenAt === null ? <None key="seen" /> : <When key="seen" at={staff.seenAt} />,
          ],
          [t.created, <When key="created" at={staff.createdAt} />],
          [
            t.until,
            staff.invitedUntil === null ? null : <When key="until" at={staff.invitedUntil} />,
          ],
          [t.number, <Code key="number">{staff.actorId}</Code>],
        ]}
      />
    </Card>
  );
}

interface Values {
  readonly name: string;
  readonly role: Role;
}

const placeOf = ({ merchantId, programme }: Staff): Place => {
  if (merchantId !== null) return 'merchant';
  return programme === null ? 'platform' : 'programme';
};

function ChangeCard({ staff }: { readonly staff: Staff }) {
  const t = useWords(words);
  const roles = useWords(roleWords);
  const may = useMay();
  const own = useSession().staff?.id === staff.id;
  const message = useMessage();
  const draft = `staff-${staff.id}`;
  const [form] = AntForm.useForm<Values>();
  const write = useWrite(
    (asked: Partial<Values>, idempotencyKey) =>
      hongmi.changeStaff({ id: staff.id, ...asked }, { idempotencyKey }),
    {
      touches: [['staff'], ['session']],
      done() {
        dropDraft(draft);
        void message.success(t.changed);
      },
    },
  );
  if (!may('staff:write')) return null;

  // Who gives a role is asked for a second factor; who renames somebody is not.
  function send({ name, role }: Values): void {
    const asked = {
      ...(name.trim() !== staff.name && { name: name.trim() }),
      ...(role !== staff.role && { role }),
    };
    if (Object.keys(asked).length > 0) void write.send(asked);
    else void message.warning(t.unchanged);
  }
  return (
    <Card title={t.change}>
      <p>{own ? t.ownRole : t.changeWhy}</p>
      <Form<Values>
        draft={draft}
        form={form}
        initial={{ name: staff.name, role: staff.role }}
        onSubmit={send}
        isSending={write.isSending}
        failure={write.failure}
      >
        <div className="hm-columns">
          <AntForm.Item
            name="name"
            label={t.name}
            rules={[{ required: true, whitespace: true, message: t.needed }]}
          >
            <Input maxLength={100} autoComplete="off" />
          </AntForm.Item>
          <AntForm.Item name="role" label={t.role} rules={[{ required: true, message: t.needed }]}>
            <Select
              disabled={own}
              options={ROLES_AT[placeOf(staff)].map((value) => ({ value, label: roles[value] }))}
            />
          </AntForm.Item>
        </div>
      </Form>
    </Card>
  );
}
