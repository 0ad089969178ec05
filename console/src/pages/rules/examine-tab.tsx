import type { Input as Asked, Output } from '@hongmi/sdk';
import { useFilter } from '@hongmi/ui/address.ts';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { useQuery } from '@tanstack/react-query';
import { Form as AntForm, Button, Checkbox, Input } from 'antd';
import { type ReactNode, useState } from 'react';
import { hongmi } from '../../app/api.ts';
import { useProgramme } from '../../app/programme.tsx';
import { useMay, useSession } from '../../app/session.ts';
import { Form } from '../../design/form.tsx';
import { Loaded } from '../../design/loaded.tsx';
import { Card } from '../../design/page.tsx';
import { foremost } from '../../publishing/version.ts';
import type { RuleBody } from './body-values.ts';
import { OutcomeShown } from './outcome-shown.tsx';
import { PurchaseFields, type PurchaseValues, readAttributes } from './purchase-fields.tsx';
import type { Rule } from './rule.ts';
import { tryWords } from './try-words.ts';

/** Tries the rule on a purchase that may be, and shows what rules made of one that was. */
export function ExamineTab({ rule }: { readonly rule: Rule }) {
  const may = useMay();
  return (
    <div className="hm-stack">
      <ExamineCard rule={rule} />
      {may('orders:read') ? <PastOrderCard code={rule.code} /> : null}
    </div>
  );
}

function ExamineCard({ rule }: { readonly rule: Rule }) {
  const t = useWords(tryWords);
  const f = useFormat();
  const zone = useProgramme()?.timeZone;
  const { merchantId: own } = useSession();
  const [form] = AntForm.useForm<PurchaseValues>();
  const [withDraft, setWithDraft] = useState(true);
  const [found, setFound] = useState<Output<'examineRules'>>();
  const merchantId = rule.merchantId ?? own;
  const on = (rule.draft ?? foremost(rule))?.body.on ?? 'order';
  const examine = useWrite(
    (asked: Asked<'examineRules'>, idempotencyKey) =>
      hongmi.examineRules(asked, { idempotencyKey }),
    { done: setFound },
  );
  const draft = withDraft ? (rule.draft?.id ?? null) : null;
  return (
    <Card title={t.examine}>
      <p className="hm-soft">{t.examineAbout}</p>
      <Form<PurchaseValues>
        draft={`rule-try-${rule.id}`}
        form={form}
        initial={{ lines: [{ sku: 'sample', quantity: 1, yuan: 100 }] }}
        onSubmit={(values) => void examine.send(askedOf(values, on, merchantId, draft))}
        isSending={examine.isSending}
        failure={examine.failure}
        submit={t.go}
        more={
          rule.draft === null ? undefined : (
            <Checkbox checked={withDraft} onChange={({ target }) => setWithDraft(target.checked)}>
              {t.withDraft}
            </Checkbox>
          )
        }
      >
        <PurchaseFields on={on} merchantId={merchantId} />
      </Form>
      <div aria-live="polite">
        {found === undefined ? null : (
          <Result title={`${t.outcome} · ${f.instant(found.at, zone)}`}>
            <OutcomeShown explained={found} code={rule.code} />
          </Result>
        )}
      </div>
    </Card>
  );
}

function askedOf(
  values: PurchaseValues,
  on: RuleBody['on'],
  merchantId: string | null,
  draft: string | null,
): Asked<'examineRules'> {
  const { at, store, channel, tenders, memberId, tier, lines, attributes } = values;
  const told = readAttributes(attributes);
  return {
    merchantId: merchantId ?? values.merchantId,
    on,
    ...(at ? { at } : {}),
    ...(store ? { store } : {}),
    ...(memberId ? { memberId } : {}),
    // Both are meant by one word here: a merchant's own rule asks for its own tiers.
    ...(tier ? { member: { tier, merchantTier: tier } } : {}),
    ...(draft === null ? {} : { drafts: [draft] }),
    ...(on === 'order'
      ? {
          ...(channel ? { channel } : {}),
          ...(tenders && tenders.length > 0 ? { tenders: [...tenders] } : {}),
          lines: (lines ?? []).map(({ sku, category, brand, zone, quantity, yuan }) => ({
            sku,
            ...(category ? { category } : {}),
            ...(brand ? { brand } : {}),
            ...(zone ? { zone } : {}),
            quantity,
            amountFen: Math.round(yuan * 100),
          })),
        }
      : told
        ? { attributes: told }
        : {}),
  };
}

/** What every rule made of an order; its id stands in the address. */
function PastOrderCard({ code }: { readonly code: string }) {
  const t = useWords(tryWords);
  const [order, setOrder] = useFilter('order');
  const [typed, setTyped] = useState(order ?? '');
  const query = useQuery({
    queryKey: ['order-explanation', order],
    queryFn: ({ signal }) => hongmi.explainOrder({ id: order ?? '' }, { signal }),
    enabled: order !== undefined,
  });
  const isWrong = typed !== '' && !typed.startsWith('ord_');
  return (
    <Card title={t.past}>
      <p className="hm-soft">{t.pastAbout}</p>
      <form
        className="hm-filters"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isWrong) setOrder(typed.trim() || undefined);
        }}
      >
        <label>
          {t.order}
          <Input
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
            placeholder="ord_…"
            autoComplete="off"
            status={isWrong ? 'error' : ''}
            aria-invalid={isWrong}
            style={{ width: 320 }}
          />
        </label>
        <Button htmlType="submit">{t.explain}</Button>
      </form>
      <div role="status">{isWrong ? t.orderWrong : null}</div>
      {order === undefined ? null : (
        <Loaded query={query} rows={2}>
          {(explanation) => (
            <Result title={t.outcome}>
              <OutcomeShown explained={explanation} code={code} />
            </Result>
          )}
        </Loaded>
      )}
    </Card>
  );
}

function Result({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div style={{ marginTop: 20 }}>
      <h3>{title}</h3>
      {children}
    </div>
  );
}
