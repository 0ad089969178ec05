import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { RightOutline, SystemQRcodeOutline } from 'antd-mobile-icons';
import { Link } from 'wouter';
import type { Balance } from '../../app/balances.ts';
import { lastMoment } from '../../app/clock.ts';
import { usePointTypeName, useProgramme } from '../../app/programme.ts';
import { Card } from '../../design/page.tsx';
import { Row, Rows } from '../../design/row.tsx';
import { Points, usePointsText } from '../../design/values.tsx';
import { words } from './words.ts';

/** What can be spent, what is lost next, and the way to the code. Undefined: nothing was ever earned. */
export function BalanceCard({ balance }: { readonly balance: Balance | undefined }) {
  const t = useWords(words);
  const f = useFormat();
  const name = usePointTypeName();
  const programme = useProgramme();
  const pointType = balance?.pointType ?? programme?.pointTypes[0]?.code ?? 'points';
  const pointsText = usePointsText();
  const points = (value: number): string => pointsText(value, pointType);
  const day = (at: string | Date): string => f.day(at, programme?.timeZone);
  const [first] = balance?.expiring ?? [];
  return (
    <section className="hm-balance" aria-label={t.available(name(pointType))}>
      <p className="hm-balance-name">{t.available(name(pointType))}</p>
      <p className="hm-balance-points">
        <Points value={balance?.available ?? 0} type={pointType} />
      </p>
      {balance === undefined ? null : (
        <ul className="hm-balance-notes">
          {balance.pending > 0 && balance.nextAvailableAt !== undefined ? (
            <li>{t.pending(points(balance.pending), day(balance.nextAvailableAt))}</li>
          ) : null}
          {balance.held > 0 ? <li>{t.held(points(balance.held))}</li> : null}
          {balance.debt > 0 ? <li>{t.debt(points(balance.debt))}</li> : null}
        </ul>
      )}
      <div className="hm-balance-ways">
        <Link href="/points">
          {first === undefined
            ? t.expiresNever
            : t.expires(points(first.points), day(lastMoment(first.at)))}{' '}
          <RightOutline aria-hidden />
        </Link>
        <Link className="hm-balance-code" href="/code">
          <SystemQRcodeOutline aria-hidden /> {t.showCode}
        </Link>
      </div>
    </section>
  );
}

/** Points of other types. */
export function OtherBalances({ balances }: { readonly balances: readonly Balance[] }) {
  const t = useWords(words);
  const f = useFormat();
  const name = usePointTypeName();
  const types = useProgramme()?.pointTypes;
  const scaleOf = (type: string): number => types?.find(({ code }) => code === type)?.scale ?? 0;
  return (
    <Card title={t.others} flush>
      <Rows>
        {balances.map(({ pointType, available, debt }) => (
          <Row
            key={pointType}
            href="/points"
            title={name(pointType)}
            {...(debt > 0 && { about: t.debt(f.points(debt, scaleOf(pointType))) })}
            value={<Points value={available} type={pointType} />}
          />
        ))}
      </Rows>
    </Card>
  );
}
