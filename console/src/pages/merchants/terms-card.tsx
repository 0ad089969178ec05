import type { components } from '@hongmi/sdk';
import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { Form as AntForm, Button, Input } from 'antd';
import { useState } from 'react';
import { hongmi } from '../../app/api.ts';
import { useProgrammes } from '../../app/programme.tsx';
import { useMay } from '../../app/session.ts';
import { startOfDay } from '../../app/zone.ts';
import { dropDraft } from '../../design/draft.ts';
import { Form } from '../../design/form.tsx';
import { useMessage } from '../../design/notices.tsx';
import { Card } from '../../design/page.tsx';
import { Table } from '../../design/table.tsx';
import { Tag } from '../../design/tag.tsx';
import { When } from '../../design/values.tsx';
import { Actor } from '../../design/who.tsx';
import { Ratio } from './ratio.tsx';
import { RatioFields } from './ratio-fields.tsx';
import { type RatioValues, ratioOf, valuesOf } from './ratio-values.ts';
import { words } from './words.ts';

type Merchant = components['schemas']['Merchant'];
type Term = components['schemas']['MerchantTerm'];

/** As old as what is read of a programme may be. */
const READ_AGO_MS = 10 * 60_000;

interface Values extends RatioValues {
  readonly day?: string;
}

/** What a merchant's orders earned and will earn, and who decided it. */
export function TermsCard({ merchant }: { readonly merchant: Merchant }) {
  const t = useWords(words);
  const may = useMay();
  const [isChanging, setChanging] = useState(false);
  return (
    <>
      {isChanging ? (
        <Card title={t.change}>
          <ChangeForm merchant={merchant} close={() => setChanging(false)} />
        </Card>
      ) : null}
      <Card
        title={t.terms}
        flush
        actions={
          may('merchants:write') && !isChanging ? (
            <Button onClick={() => setChanging(true)}>{t.change}</Button>
          ) : null
        }
      >
        <Terms merchant={merchant} />
      </Card>
    </>
  );
}

function Terms({ merchant: { id, programme } }: { readonly merchant: Merchant }) {
  const t = useWords(words);
  // Terms count by the programme's own clock, which a sandbox may have set, as it was when it was read.
  const now = useProgrammes().find(({ code }) => code === programme)?.now;
  const isComing = (from: string): boolean =>
    now !== undefined && Date.parse(from) > Date.parse(now) + READ_AGO_MS;
  return (
    <Table<Term>
      label={t.terms}
      queryKey={['merchants', 'terms', id]}
      load={(cursor, signal) =>
        hongmi.listMerchantTerms({ id, ...(cursor && { cursor }) }, { signal })
      }
      rowKey={({ from, changedAt }) => `${from} ${changedAt}`}
      exportAs="merchant-terms"
      columns={[
        {
          key: 'from',
          title: t.from,
          render: ({ from }) => (
            <>
              <When at={from} /> {isComing(from) ? <Tag tone="info">{t.coming}</Tag> : null}
            </>
          ),
          value: ({ from }) => from,
          sortable: true,
        },
        {
          key: 'ratio',
          title: t.ratio,
          render: ({ earnRatio }) => <Ratio ratio={earnRatio} />,
          value: ({ earnRatio }) => `${earnRatio.points}/${earnRatio.perFen}`,
        },
        {
          key: 'changedAt',
          title: t.changedAt,
          render: ({ changedAt }) => <When at={changedAt} />,
          value: ({ changedAt }) => changedAt,
          sortable: true,
        },
        {
          key: 'changedBy',
          title: t.changedBy,
          render: ({ changedBy }) =>
            changedBy === undefined ? (
              <span className="hm-soft">{t.notKept}</span>
            ) : (
              <Actor id={changedBy} />
            ),
          value: ({ changedBy }) => changedBy ?? null,
        },
      ]}
    />
  );
}

function ChangeForm({
  merchant,
  close,
}: {
  readonly merchant: Merchant;
  readonly close: () => void;
}) {
  const t = useWords(words);
  const message = useMessage();
  const zone = useProgrammes().find(({ code }) => code === merchant.programme)?.timeZone;
  const draft = `merchant-terms-${merchant.id}`;
  const [form] = AntForm.useForm<Values>();
  const write = useWrite(
    ({ day, ...ratio }: Values, idempotencyKey) =>
      hongmi.changeMerchant(
        {
          id: merchant.id,
          earnRatio: ratioOf(ratio),
          ...(day && { from: startOfDay(day, zone ?? 'Asia/Shanghai') }),
        },
        { idempotencyKey },
      ),
    {
      touches: [['merchants']],
      done() {
        dropDraft(draft);
        void message.success(t.changed);
        close();
      },
    },
  );
  return (
    <Form
      draft={draft}
      form={form}
      initial={valuesOf(merchant.earnRatio)}
      onSubmit={write.send}
      isSending={write.isSending}
      failure={write.failure}
      onCancel={close}
    >
      <p className="hm-soft">{t.changeWhy}</p>
      <RatioFields />
      <AntForm.Item name="day" label={t.from} extra={t.fromWhy}>
        <Input type="date" />
      </AntForm.Item>
    </Form>
  );
}
