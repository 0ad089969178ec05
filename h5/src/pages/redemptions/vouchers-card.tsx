import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { LeftOutline, RightOutline } from 'antd-mobile-icons';
import { useState } from 'react';
import { lastMoment } from '../../app/clock.ts';
import { useProgramme } from '../../app/programme.ts';
import { useSaid } from '../../app/said.ts';
import { useScreenOn } from '../../app/screen-on.ts';
import { CodeCard } from '../../design/code-card.tsx';
import { Card } from '../../design/page.tsx';
import { Row, Rows } from '../../design/row.tsx';
import { hasLapsed, isUsable, type Redemption, type Voucher } from './standing.ts';
import { words } from './words.ts';

/** What a till takes, one at a time, the first that it still takes in front; below it, what became of the others. */
export function VouchersCard({
  redemption: { vouchers },
  now,
}: {
  readonly redemption: Redemption;
  readonly now: number;
}) {
  const usable = vouchers.filter((each) => isUsable(each, now) && each.code !== undefined);
  const others = vouchers.filter((each) => !usable.includes(each));
  return (
    <>
      {usable.length === 0 ? null : <Usable vouchers={usable} all={vouchers.length} />}
      {others.length === 0 ? null : <Others vouchers={others} now={now} />}
    </>
  );
}

function Usable({
  vouchers,
  all,
}: {
  readonly vouchers: readonly Voucher[];
  readonly all: number;
}) {
  const t = useWords(words);
  const f = useFormat();
  const said = useVoucherSaid();
  const zone = useProgramme()?.timeZone;
  const [wanted, setWanted] = useState<number>();
  useScreenOn();
  // By its place: one that is used meanwhile leaves the others where they are.
  const shown = vouchers.find(({ place }) => place === wanted) ?? vouchers[0];
  if (shown === undefined) return null;
  const at = vouchers.indexOf(shown);
  const turn = (by: number) => () => setWanted(vouchers[at + by]?.place);
  const { code = '', qr = code, expiresAt, place } = shown;
  return (
    <CodeCard text={qr} label={t.qr} groups={code.split('-')} groupsLabel={t.code}>
      <div className="hm-voucher-said">
        <strong>{said(shown)}</strong>
        <p className="hm-soft">
          {expiresAt === null ? t.endless : t.until(f.instant(lastMoment(expiresAt), zone))}
        </p>
      </div>
      {all === 1 ? null : (
        <div className="hm-turn">
          <button
            type="button"
            className="hm-icon-button"
            aria-label={t.before}
            disabled={at === 0}
            onClick={turn(-1)}
          >
            <LeftOutline aria-hidden />
          </button>
          <span role="status">{t.which(f.number(place + 1), f.number(all))}</span>
          <button
            type="button"
            className="hm-icon-button"
            aria-label={t.next}
            disabled={at === vouchers.length - 1}
            onClick={turn(1)}
          >
            <RightOutline aria-hidden />
          </button>
        </div>
      )}
    </CodeCard>
  );
}

function Others({
  vouchers,
  now,
}: {
  readonly vouchers: readonly Voucher[];
  readonly now: number;
}) {
  const t = useWords(words);
  const f = useFormat();
  const said = useVoucherSaid();
  return (
    <Card flush>
      <Rows label={t.vouchers}>
        {vouchers.map((each) => (
          <Row
            key={each.place}
            title={said(each)}
            about={vouchers.length > 1 ? t.nth(f.number(each.place + 1)) : undefined}
            value={<span className="hm-tag">{t.voucherStates[stateOf(each, now)]}</span>}
          />
        ))}
      </Rows>
    </Card>
  );
}

function stateOf({ state, expiresAt }: Voucher, now: number): 'open' | 'used' | 'void' | 'lapsed' {
  return state === 'open' && hasLapsed(expiresAt, now) ? 'lapsed' : state;
}

/** What a voucher is good for. */
function useVoucherSaid(): (voucher: Voucher) => string {
  const t = useWords(words);
  const f = useFormat();
  const said = useSaid();
  return ({ form, leftFen }) => {
    switch (form.form) {
      case 'full_reduction':
        return t.fullReduction(f.money(form.overFen), f.money(form.offFen));
      case 'no_threshold':
        return form.partial && leftFen !== null && leftFen < form.offFen
          ? t.offLeft(f.money(form.offFen), f.money(leftFen))
          : t.off(f.money(form.offFen));
      case 'percentage':
        return t.percentage(f.percent(form.percentOff / 100, 0), f.money(form.atMostFen));
      case 'exchange':
        return said(form.what);
    }
  };
}
