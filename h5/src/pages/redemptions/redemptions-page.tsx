import type { Input } from '@hongmi/sdk';
import { useFilter } from '@hongmi/ui/address.ts';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { useId } from 'react';
import { Link } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { useProgrammeNow } from '../../app/clock.ts';
import { useMerchantName, useMerchantNames } from '../../app/merchants.ts';
import { useSaid } from '../../app/said.ts';
import { Choice } from '../../design/choice.tsx';
import { MoreList } from '../../design/more-list.tsx';
import { Card, Page } from '../../design/page.tsx';
import { Row, Rows } from '../../design/row.tsx';
import { When } from '../../design/values.tsx';
import { type Redemption, standingOf } from './standing.ts';
import { StandingTag } from './standing-tag.tsx';
import { words } from './words.ts';
import './redemptions.css';

const STAGES = ['all', 'to_use', 'under_way', 'over'] as const;
type Asked = Pick<Input<'listRedemptions'>, 'stage' | 'kind' | 'merchantId'>;

/** Everything that was redeemed, the latest first; what can be used, what is on its way, and what is over. */
export function RedemptionsPage() {
  const t = useWords(words);
  const [stageFilter, setStage] = useFilter('stage');
  const [kindFilter, setKind] = useFilter('kind');
  const [merchantId, setMerchant] = useFilter('merchant');
  const merchants = useMerchantNames();
  const stage = STAGES.find((each) => each === stageFilter) ?? 'all';
  const kind = KINDS.find((each) => each === kindFilter);
  return (
    <Page title={t.title} up="~/m/me">
      <Choice
        label={t.stage}
        value={stage}
        options={STAGES.map((each) => ({ value: each, label: t.stages[each] }))}
        onChange={(next) => setStage(next === 'all' ? undefined : next)}
      />
      <div className="hm-form hm-filters">
        <Filter
          label={t.kind}
          value={kind}
          options={KINDS.map((each) => [each, t.kinds[each]])}
          onChange={setKind}
        />
        <Filter
          label={t.merchant}
          value={merchantId}
          options={[...(merchants ?? [])]}
          onChange={setMerchant}
        />
      </div>
      <List
        asked={{
          ...(stage !== 'all' && { stage }),
          ...(kind !== undefined && { kind }),
          ...(merchantId !== undefined && { merchantId }),
        }}
      />
    </Page>
  );
}

const KINDS = [
  ...(['goods', 'service', 'voucher', 'sample', 'ticket', 'upgrade', 'insurance'] as const),
  ...(['parking', 'charging', 'travel', 'donation'] as const),
];

function Filter({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string;
  readonly value: string | undefined;
  readonly options: readonly (readonly [string, string])[];
  readonly onChange: (value: string | undefined) => void;
}) {
  const t = useWords(words);
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="hm-soft">
        {label}
      </label>
      <select id={id} value={value ?? ''} onChange={({ target }) => onChange(target.value)}>
        <option value="">{t.any}</option>
        {options.map(([code, name]) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}

function List({ asked }: { readonly asked: Asked }) {
  const t = useWords(words);
  const now = useProgrammeNow();
  const isAll = Object.keys(asked).length === 0;
  return (
    <MoreList
      queryKey={['redemptions', asked]}
      load={(cursor, signal) =>
        hongmi.listRedemptions({ ...asked, ...(cursor && { cursor }) }, { signal })
      }
      empty={
        isAll ? (
          <Empty title={t.none} action={<Link href="~/m/rewards">{t.rewards}</Link>}>
            {t.noneAbout}
          </Empty>
        ) : (
          <Empty title={t.noneSuch}>{t.noneSuchAbout}</Empty>
        )
      }
    >
      {(items) => (
        <Card flush>
          <Rows label={t.title}>
            {items.map((each) => (
              <RedemptionRow key={each.id} redemption={each} now={now} />
            ))}
          </Rows>
        </Card>
      )}
    </MoreList>
  );
}

function RedemptionRow({
  redemption,
  now,
}: {
  readonly redemption: Redemption;
  readonly now: number;
}) {
  const said = useSaid();
  const merchant = useMerchantName(redemption.merchantId);
  return (
    <Row
      href={`/${redemption.id}`}
      title={said(redemption.name)}
      about={
        <>
          {merchant === undefined ? null : `${merchant} · `}
          <When at={redemption.askedAt} dayOnly />
        </>
      }
      value={<StandingTag standing={standingOf(redemption, now)} />}
    />
  );
}
