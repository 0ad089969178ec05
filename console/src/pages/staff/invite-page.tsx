import type { components } from '@hongmi/sdk';
import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { Form as AntForm, Button, Input, Select } from 'antd';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { useMerchantNames } from '../../app/names.ts';
import { useProgramme } from '../../app/programme.tsx';
import { type Place, ROLES_AT, type Role, roleWords } from '../../app/roles.ts';
import { useSession } from '../../app/session.ts';
import { dropDraft } from '../../design/draft.ts';
import { Form } from '../../design/form.tsx';
import { Card, Page } from '../../design/page.tsx';
import { InvitationLink } from './invitation-link.tsx';
import { words } from './words.ts';

interface Values {
  readonly name: string;
  readonly email: string;
  readonly place: Place;
  readonly merchantId?: string;
  readonly role: Role;
}

const DRAFT = 'staff-new';
const PLACES = Object.keys(ROLES_AT) as Place[];

/** Makes an account, and shows the link by which its person opens it. */
export function InvitePage() {
  const t = useWords(words);
  const roles = useWords(roleWords);
  const [, go] = useLocation();
  const { merchantId: ownMerchant } = useSession();
  const programme = useProgramme();
  const merchants = [...useMerchantNames()].map(([value, label]) => ({ value, label }));
  const [made, setMade] = useState<components['schemas']['StaffInvited']>();
  const [form] = AntForm.useForm<Values>();
  const chosen = AntForm.useWatch('place', form);
  const place: Place = ownMerchant === null ? (chosen ?? 'platform') : 'merchant';
  const write = useWrite(
    ({ name, email, role, merchantId }: Values, idempotencyKey) =>
      hongmi.inviteStaff(
        {
          ...{ name, email, role },
          ...(place === 'merchant' && { merchantId: ownMerchant ?? merchantId ?? '' }),
          ...(place === 'programme' && programme && { programme: programme.code }),
        },
        { idempotencyKey },
      ),
    {
      touches: [['staff']],
      done(told) {
        dropDraft(DRAFT);
        setMade(told);
      },
    },
  );
  const needed = { required: true, message: t.needed };
  return (
    <Page title={t.invite} about={t.inviteAbout} above={<Link href="/">{t.title}</Link>}>
      {made === undefined ? (
        <Card>
          <Form<Values>
            draft={DRAFT}
            form={form}
            initial={{ place: 'platform' }}
            submit={t.send}
            onSubmit={(values) => void write.send(values)}
            isSending={write.isSending}
            failure={write.failure}
            onCancel={() => go('/')}
          >
            <div className="hm-columns">
              <AntForm.Item name="name" label={t.name} rules={[{ ...needed, whitespace: true }]}>
                <Input maxLength={100} autoComplete="off" />
              </AntForm.Item>
              <AntForm.Item
                name="email"
                label={t.email}
                validateTrigger="onBlur"
                rules={[{ required: true, type: 'email', message: t.emailForm }]}
              >
                <Input type="email" maxLength={254} autoComplete="off" />
              </AntForm.Item>
              {ownMerchant === null ? (
                <AntForm.Item name="place" label={t.place} rules={[needed]}>
                  <Select
                    options={PLACES.map((value) => ({ value, label: t.places[value] }))}
                    onChange={() => form.resetFields(['role'])}
                  />
                </AntForm.Item>
              ) : null}
              {ownMerchant === null && place === 'merchant' ? (
                <AntForm.Item name="merchantId" label={t.merchant} rules={[needed]}>
                  <Select showSearch={{ optionFilterProp: 'label' }} options={merchants} />
                </AntForm.Item>
              ) : null}
              <AntForm.Item name="role" label={t.role} rules={[needed]}>
                <Select
                  options={ROLES_AT[place].map((value) => ({ value, label: roles[value] }))}
                />
              </AntForm.Item>
            </div>
          </Form>
        </Card>
      ) : (
        <Card>
          <InvitationLink made={made} />
          <div className="hm-actions" style={{ marginTop: 16 }}>
            <Button onClick={() => go(`/${made.id}`)}>{t.toPerson}</Button>
            <Button onClick={() => setMade(undefined)}>{t.invite}</Button>
          </div>
        </Card>
      )}
    </Page>
  );
}
