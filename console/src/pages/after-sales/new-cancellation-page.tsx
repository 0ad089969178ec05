import type { components } from '@hongmi/sdk';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { useQuery } from '@tanstack/react-query';
import { Alert, Form as AntForm, Input, Select } from 'antd';
import { Link, useLocation } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { useSaid } from '../../app/point-types.ts';
import { useProgramme } from '../../app/programme.tsx';
import { useOwnName, useSession } from '../../app/session.ts';
import { dropDraft } from '../../design/draft.ts';
import { Form } from '../../design/form.tsx';
import { MerchantSelect } from '../../design/merchant-select.tsx';
import { useAsk } from '../../design/notices.tsx';
import { Card, Page } from '../../design/page.tsx';
import { foremost } from '../../publishing/version.ts';
import { SUPPLIER_REASONS, type SupplierReason } from './case-rules.ts';
import { words } from './words.ts';

type Reward = components['schemas']['Reward'];

interface Values {
  readonly id: string;
  readonly merchantId?: string;
  readonly reason: SupplierReason;
  readonly day?: string;
  readonly note?: string;
}
interface Asked extends Values {
  readonly dryRun: boolean;
}

const DRAFT = 'supplier-cancellation';
const NOTE_MAX = 500;
/** More rewards than a programme offers at a time. */
const REWARDS_MAX = 200;

/** A supplier cancels all that was redeemed of a reward: first what that would do, then done. */
export function NewCancellationPage() {
  const t = useWords(words);
  const f = useFormat();
  const said = useSaid();
  const ask = useAsk();
  const [, navigate] = useLocation();
  const programme = useProgramme();
  const { merchantId: own } = useSession();
  const actor = useOwnName();
  const [form] = AntForm.useForm<Values>();
  const rewards = useQuery({
    queryKey: ['rewards', 'of', programme?.code],
    queryFn: ({ signal }) =>
      hongmi.listRewards({ programme: programme?.code, limit: REWARDS_MAX }, { signal }),
    enabled: programme !== undefined,
  });
  const write = useWrite(
    ({ merchantId, note, day, ...asked }: Asked, idempotencyKey) =>
      hongmi.cancelRewardBySupplier(
        {
          ...{ ...asked, actor, merchantId: own ?? merchantId ?? '' },
          ...(day !== undefined && day !== '' && { day }),
          ...(note !== undefined && note.trim() !== '' && { note: note.trim() }),
        },
        { idempotencyKey },
      ),
    { touches: [['after-sales']] },
  );

  async function submit(values: Values): Promise<void> {
    const tried = await write.send({ ...values, dryRun: true });
    if (tried === undefined) return;
    const title =
      tried.cancelled === 0
        ? t.cancellation.confirmNone
        : t.cancellation.confirm(f.number(tried.cancelled));
    const { confirmAbout: about, yes } = t.cancellation;
    if (!(await ask({ title, about, yes, danger: true }))) return;
    const made = await write.send({ ...values, dryRun: false });
    if (made === undefined) return;
    dropDraft(DRAFT);
    navigate(`/supplier-cancellations/${made.id}`);
  }

  const required = [{ required: true }];
  return (
    <Page
      above={<Link href="/">{t.title}</Link>}
      title={t.cancellation.title}
      about={t.cancellation.about}
    >
      <Card>
        <Form<Values>
          draft={DRAFT}
          form={form}
          submit={t.cancellation.submit}
          isSending={write.isSending}
          failure={write.failure}
          onSubmit={(values) => void submit(values)}
          onCancel={() => navigate('/')}
        >
          <Alert type="info" showIcon title={t.cancellation.warn} style={{ marginBottom: 16 }} />
          <AntForm.Item name="id" label={t.cancellation.reward} rules={required}>
            <Select
              showSearch={{ optionFilterProp: 'label' }}
              loading={rewards.isPending}
              options={(rewards.data?.items ?? []).map((reward: Reward) => ({
                value: reward.id,
                label: said(foremost(reward)?.body.name ?? { zh: reward.code }),
              }))}
            />
          </AntForm.Item>
          {own === null ? (
            <AntForm.Item name="merchantId" label={t.cancellation.merchant} rules={required}>
              <MerchantSelect />
            </AntForm.Item>
          ) : null}
          <AntForm.Item name="reason" label={t.cancellation.reason} rules={required}>
            <Select
              options={SUPPLIER_REASONS.map((value) => ({ value, label: t.reasons[value] }))}
            />
          </AntForm.Item>
          <AntForm.Item name="day" label={t.cancellation.day} extra={t.cancellation.dayHint}>
            <Input type="date" style={{ width: 200 }} />
          </AntForm.Item>
          <AntForm.Item name="note" label={t.note}>
            <Input.TextArea rows={3} maxLength={NOTE_MAX} showCount />
          </AntForm.Item>
        </Form>
      </Card>
    </Page>
  );
}
