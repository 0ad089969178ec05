import type { components } from '@hongmi/sdk';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { useQuery } from '@tanstack/react-query';
import { Form as AntForm, Checkbox, DatePicker } from 'antd';
import { Link } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { type Programme, useProgramme } from '../../app/programme.tsx';
import { useMay, useOwnName } from '../../app/session.ts';
import { startOfDay } from '../../app/zone.ts';
import { oneDay } from '../../design/days.ts';
import { dropDraft } from '../../design/draft.ts';
import { Form } from '../../design/form.tsx';
import { Loaded } from '../../design/loaded.tsx';
import { useAsk, useMessage } from '../../design/notices.tsx';
import { Card, Page } from '../../design/page.tsx';
import { Skeleton } from '../../design/skeleton.tsx';
import { PlainTable } from '../../design/table.tsx';
import { Tag } from '../../design/tag.tsx';
import { When } from '../../design/values.tsx';
import { KINDS, type Kind } from './states.tsx';
import { words } from './words.ts';

type Requirement = components['schemas']['DossierRequirement'];

/** What a programme asks of those who issue. */
export function RequirementPage() {
  const t = useWords(words);
  const may = useMay();
  const programme = useProgramme();
  return (
    <Page title={t.requirement} about={t.requirementAbout} above={<Link href="/">{t.title}</Link>}>
      {programme === undefined ? (
        <Skeleton />
      ) : (
        <>
          <Requirements programme={programme} />
          {may('dossiers:write') ? (
            <SetRequirement key={programme.code} programme={programme} />
          ) : null}
        </>
      )}
    </Page>
  );
}

function Requirements({ programme }: { readonly programme: Programme }) {
  const t = useWords(words);
  const query = useQuery({
    queryKey: ['dossiers', 'requirement', programme.code],
    queryFn: async ({ signal }) =>
      (await hongmi.listDossierRequirements({ programme: programme.code }, { signal })).items,
  });
  return (
    <Card flush>
      <Loaded query={query}>
        {(items) => {
          // The last that has begun counts; of what begins at once, the last that was set.
          const begun = items.filter(({ from }) => from <= programme.now);
          const current = begun
            .toSorted((a, b) =>
              a.from === b.from ? a.number - b.number : a.from < b.from ? -1 : 1,
            )
            .at(-1);
          return (
            <PlainTable<Requirement>
              label={t.requirement}
              rows={[...items].reverse()}
              rowKey={({ number }) => String(number)}
              empty={<Empty title={t.requirementNone} />}
              columns={[
                { key: 'since', title: t.since, render: ({ from }) => <When at={from} /> },
                {
                  key: 'kinds',
                  title: t.kindsRequired,
                  render: ({ kinds }) =>
                    kinds.length === 0
                      ? t.requirementNothing
                      : kinds.map((kind) => t.kinds[kind]).join(' · '),
                },
                {
                  key: 'state',
                  title: t.status,
                  render: (each) =>
                    each === current ? (
                      <Tag tone="good">{t.now}</Tag>
                    ) : each.from > programme.now ? (
                      <Tag tone="info">{t.coming}</Tag>
                    ) : (
                      <Tag>{t.past}</Tag>
                    ),
                },
                { key: 'actor', title: t.actor, render: ({ actor }) => actor },
                { key: 'setAt', title: t.at, render: ({ setAt }) => <When at={setAt} /> },
              ]}
            />
          );
        }}
      </Loaded>
    </Card>
  );
}

interface Values {
  readonly kinds?: Kind[];
  readonly day?: string;
}

function SetRequirement({ programme }: { readonly programme: Programme }) {
  const t = useWords(words);
  const ask = useAsk();
  const message = useMessage();
  const name = useOwnName();
  const [form] = AntForm.useForm<Values>();
  const draft = `dossier-requirement-${programme.code}`;
  const write = useWrite(
    ({ kinds = [], day = '' }: Values, idempotencyKey) =>
      hongmi.setDossierRequirement(
        {
          programme: programme.code,
          kinds,
          ...(day !== '' && { from: startOfDay(day, programme.timeZone) }),
          actor: name,
        },
        { idempotencyKey },
      ),
    {
      touches: [['dossiers']],
      done() {
        dropDraft(draft);
        form.resetFields();
        void message.success(t.saved);
      },
    },
  );
  async function submit(values: Values): Promise<void> {
    const question = { title: t.askRequirement, about: t.askRequirementWhy, danger: true };
    if (await ask(question)) await write.send(values);
  }
  return (
    <Card title={t.setRequirement}>
      <Form
        draft={draft}
        form={form}
        onSubmit={(values) => void submit(values)}
        isSending={write.isSending}
        failure={write.failure}
        submit={t.setRequirement}
      >
        <AntForm.Item name="kinds" label={t.kindsRequired}>
          <Checkbox.Group options={KINDS.map((value) => ({ value, label: t.kinds[value] }))} />
        </AntForm.Item>
        <AntForm.Item name="day" label={t.fromDay} extra={t.fromDayWhy} {...oneDay}>
          <DatePicker style={{ minWidth: 220 }} />
        </AntForm.Item>
      </Form>
    </Card>
  );
}
