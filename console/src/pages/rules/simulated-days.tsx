import { useFormat } from '@hongmi/ui/format.ts';
import { useProgramme } from '../../app/programme.tsx';
import { dayAt, lastDayBefore } from '../../app/zone.ts';

/** The days that a simulation is about, both included, by the programme's clock. */
export function SimulatedDays({
  of: { from, until },
}: {
  readonly of: { readonly from: string; readonly until: string };
}) {
  const f = useFormat();
  const zone = useProgramme()?.timeZone;
  if (zone === undefined) return null;
  return (
    <span className="hm-number">
      {f.date(dayAt(from, zone))} – {f.date(lastDayBefore(until, zone))}
    </span>
  );
}
