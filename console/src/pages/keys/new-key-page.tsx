import type { components } from '@hongmi/sdk';
import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { Form as AntForm, Input, Radio, Select } from 'antd';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { useMerchantNames } from '../../app/names.ts';
import { useProgramme, useProgrammes } from '../../app/programme.tsx';
import { type Scope, type Session, useSession } from '../../app/session.ts';
import { endOfDay } from '../../app/zone.ts';
import { dropDraft } from '../../design/draft.ts';
import { Form } from '../../design/form.tsx';
import { Card, Page } from '../../design/page.tsx';
import { ScopePicker } from './scope-picker.tsx';
import { SecretShown } from './secret-shown.tsx';
import { words } from './words.ts';

interface Values {
  readonly name: string;
  readonly reach: (typeof REACHES)[number];
  readonly programme?: string;
  readonly merchantId?: string;
  readonly scopes: readonly Scope[];
  readonly lastDay?: string;
}
type Made = components['schemas']['ApiKeyMade'];

const REACHES = ['merchant', 'programme', 'platform'] as const;

/** What keys can reach that somebody gives: no more than they do. Which merchant or programme of their own, the API knows. */
function reachesOf({ merchantId, programme }: Session): readonly Values['reach'][] {
  if (merchantId !== null) return ['merchant'];
  return programme === null ? REACHES : ['merchant', 'programme'];
}

const DRAFT = 'key-new';

export function NewKeyPage() {
  const t = useWords(words);
  const [, go] = useLocation();
  const session = useSession();
  const programmes = useProgrammes();
  const timeZone = useProgramme()?.timeZone ?? 'Asia/Shanghai';
  const merchants = [...useMerchantNames()].map(([value, label]) => ({ value, label }));
  const [made, setMade] = useState<Made>();
  const [form] = AntForm.useForm<Values>();
  const reach = AntForm.useWatch('reach', form);
  const reaches = reachesOf(session);
  // Keys that give keys are the platform's alone.
  const offered = session.scopes.filter(
    (scope) => reaches.includes('platform') || !scope.startsWith('keys:'),
  );
  const write = useWrite(
    ({ name, reach, programme, merchantId, scopes, lastDay }: Values, idempotencyKey) =>
      hongmi.createKey(
        {
          name,
          scopes: [...scopes],
          ...(reach === 'programme' && programme && { programme }),
          ...(reach === 'merchant' && merchantId && { merchantId }),
          ...(lastDay && { expiresAt: endOfDay(lastDay, timeZone) }),
        },
        { idempotencyKey },
      ),
    {
      touches: [['keys']],
      done(key) {
        dropDraft(DRAFT);
        setMade(key);
      },
    },
  );
  if (made !== undefined)
    return (
      <Page title={made.name} above={<Link href="/">{t.title}</Link>}>
        <SecretShown secret={made.secret} close={() => go(`/${made.id}`)} />
      </Page>
    );
  const chosen = { required: true, message: t.chosen };
  return (
    <Page title={t.make} above={<Link href="/">{t.title}</Link>}>
      <Card>
        <Form
          draft={DRAFT}
          form={form}
          initial={{ reach: 'merchant', scopes: [] }}
          onSubmit={write.send}
          isSending={write.isSending}
          failure={write.failure}
          submit={t.make}
          onCancel={() => go('/')}
        >
          <AntForm.Item
            name="name"
            label={t.name}
            extra={t.nameWhy}
            rules={[{ required: true, whitespace: true, message: t.needed }]}
          >
            <Input maxLength={100} autoComplete="off" />
          </AntForm.Item>
          <AntForm.Item name="reach" label={t.reach} rules={[chosen]} hidden={reaches.length === 1}>
            <Radio.Group options={reaches.map((value) => ({ value, label: t.reaches[value] }))} />
          </AntForm.Item>
          {reach === 'merchant' && session.merchantId === null ? (
            <AntForm.Item name="merchantId" label={t.merchant} rules={[chosen]}>
              {merchants.length === 0 ? (
                <Input placeholder="mer_…" autoComplete="off" />
              ) : (
                <Select showSearch={{ optionFilterProp: 'label' }} options={merchants} />
              )}
            </AntForm.Item>
          ) : null}
          {reach === 'programme' && session.programme === null ? (
            <AntForm.Item name="programme" label={t.programme} rules={[chosen]}>
              {programmes.length === 0 ? (
                <Input autoComplete="off" />
              ) : (
                <Select
                  options={programmes.map(({ code, name }) => ({ value: code, label: name }))}
                />
              )}
            </AntForm.Item>
          ) : null}
          <AntForm.Item
            name="scopes"
            label={t.scopes}
            extra={t.scopesWhy}
            rules={[{ required: true, type: 'array', min: 1, message: t.atLeastOne }]}
          >
            <ScopePicker offered={offered} />
          </AntForm.Item>
          <AntForm.Item
            name="lastDay"
            label={t.expiresOn}
            extra={t.expiresWhy}
            rules={[
              {
                validator: (_, day?: string) =>
                  !day || Date.parse(endOfDay(day, timeZone)) > Date.now()
                    ? Promise.resolve()
                    : Promise.reject(new Error(t.later)),
              },
            ]}
          >
            <Input type="date" />
          </AntForm.Item>
        </Form>
      </Card>
    </Page>
  );
}
