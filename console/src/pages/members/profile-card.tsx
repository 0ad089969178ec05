import type { components } from '@hongmi/sdk';
import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { useQuery } from '@tanstack/react-query';
import { Form as AntForm, Button, Input } from 'antd';
import { useState } from 'react';
import { hongmi } from '../../app/api.ts';
import { useProgrammes } from '../../app/programme.tsx';
import { useMay, useSession } from '../../app/session.ts';
import { dropDraft } from '../../design/draft.ts';
import { FailureAlert } from '../../design/failure-shown.tsx';
import { Form } from '../../design/form.tsx';
import { useAsk, useMessage } from '../../design/notices.tsx';
import { Card, Facts } from '../../design/page.tsx';
import { Code, When } from '../../design/values.tsx';
import { externalIdsOf } from './external-ids.ts';
import { listWords } from './list-words.ts';
import { words } from './words.ts';

type Member = components['schemas']['Member'];

/** Who a member is. The operator changes the name; a merchant gives one to who has none. */
export function ProfileCard({ member }: { readonly member: Member }) {
  const t = useWords(words);
  const who = useWords(listWords);
  const may = useMay();
  const { merchantId } = useSession();
  const names = new Map(useProgrammes().map(({ code, name }) => [code, name]));
  const memberships = useQuery({
    queryKey: ['member', member.id, 'memberships'],
    queryFn: ({ signal }) => hongmi.listMemberships({ id: member.id }, { signal }),
  });
  const [isNaming, setNaming] = useState(false);
  const mayName =
    may('members:write') &&
    member.mergedInto === undefined &&
    (merchantId === null || member.name === null);
  return (
    <Card
      title={t.profile}
      actions={
        mayName && !isNaming ? (
          <Button size="small" onClick={() => setNaming(true)}>
            {member.name === null ? t.giveName : t.rename}
          </Button>
        ) : undefined
      }
    >
      {isNaming ? <NameForm member={member} close={() => setNaming(false)} /> : null}
      <Facts
        rows={[
          [who.name, member.name ?? who.noName],
          [
            who.phone,
            member.phoneLastFour === null ? t.phoneNone : who.phoneEnd(member.phoneLastFour),
          ],
          [
            who.externalIds,
            Object.keys(member.externalIds).length === 0
              ? undefined
              : externalIdsOf(member).map((each) => (
                  <div key={each}>
                    <Code>{each}</Code>
                  </div>
                )),
          ],
          ...(memberships.data?.items ?? []).map(
            ({ programme, joinedAt }) =>
              [
                who.joined(names.get(programme) ?? programme),
                <When key={programme} at={joinedAt} dayOnly />,
              ] as const,
          ),
          [who.registered, <When key="registered" at={member.createdAt} />],
        ]}
      />
    </Card>
  );
}

function NameForm({ member, close }: { readonly member: Member; readonly close: () => void }) {
  const t = useWords(words);
  const who = useWords(listWords);
  const message = useMessage();
  const ask = useAsk();
  const [form] = AntForm.useForm<{ name: string }>();
  const { id } = member;
  const draft = `member-name-${id}`;
  const touches = [['member', id], ['member-search']];
  const save = useWrite(
    (name: string, idempotencyKey) => hongmi.keepName({ id, name }, { idempotencyKey }),
    {
      touches,
      done() {
        dropDraft(draft);
        void message.success(t.named);
        close();
      },
    },
  );
  const remove = useWrite(
    (_: null, idempotencyKey) => hongmi.forgetName({ id }, { idempotencyKey }),
    {
      touches,
      done() {
        dropDraft(draft);
        void message.success(t.unnamed);
        close();
      },
    },
  );
  return (
    <>
      <Form<{ name: string }>
        draft={draft}
        form={form}
        initial={{ name: member.name ?? '' }}
        onSubmit={({ name }) => void save.send(name.trim())}
        isSending={save.isSending}
        failure={save.failure}
        onCancel={close}
        more={
          member.name === null ? undefined : (
            <Button
              danger
              loading={remove.isSending}
              onClick={() =>
                void ask({
                  title: t.deleteNameTitle,
                  about: t.deleteNameAbout,
                  yes: t.deleteName,
                  danger: true,
                }).then((yes) => (yes ? remove.send(null) : undefined))
              }
            >
              {t.deleteName}
            </Button>
          )
        }
      >
        <AntForm.Item
          name="name"
          label={who.name}
          extra={t.nameAbout}
          rules={[{ required: true, whitespace: true, message: t.nameNeeded }]}
        >
          <Input maxLength={60} autoComplete="off" />
        </AntForm.Item>
      </Form>
      {remove.failure === undefined ? null : <FailureAlert failure={remove.failure} />}
    </>
  );
}
