import { useFormat } from '@hongmi/ui/format.ts';
import { useMerchantName } from '../app/merchants.ts';
import { usePointScale, useProgramme } from '../app/programme.ts';

/** How points of a type read, from its smallest unit; its decimals are those of the programme. */
export function usePointsText(): (value: number, type: string | undefined) => string {
  const f = useFormat();
  const scaleOf = usePointScale();
  return (value, type) => f.points(value, scaleOf(type));
}

/** Points, from the smallest unit of their type. `signed`: with a sign, as changes are. */
export function Points({
  value,
  type,
  signed = false,
}: {
  readonly value: number;
  /** The point type's code. */
  readonly type?: string | undefined;
  readonly signed?: boolean;
}) {
  const shown = usePointsText()(value, type);
  return <span className="hm-number">{signed && value > 0 ? `+${shown}` : shown}</span>;
}

/** Money, from fen. */
export function Money({ fen }: { readonly fen: number }) {
  return <span className="hm-number">{useFormat().money(fen)}</span>;
}

/** When, by the programme's clock. */
export function When({ at, dayOnly = false }: { readonly at: string; readonly dayOnly?: boolean }) {
  const f = useFormat();
  const timeZone = useProgramme()?.timeZone;
  return (
    <time dateTime={at} className="hm-number">
      {dayOnly ? f.day(at, timeZone) : f.instant(at, timeZone)}
    </time>
  );
}

/** A merchant by name; nothing until it is known. */
export function Merchant({ id }: { readonly id: string }) {
  return <>{useMerchantName(id) ?? ''}</>;
}
