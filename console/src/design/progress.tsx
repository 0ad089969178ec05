import { useFormat } from '@hongmi/ui/format.ts';
import { Progress as Bar } from 'antd';

/** How far something long has come: `share` from 0 to 1, undefined while nobody knows. It says so in words too. */
export function Progress({
  label,
  share,
}: {
  readonly label: string;
  readonly share: number | undefined;
}) {
  const f = useFormat();
  const percent = share === undefined ? undefined : Math.floor(Math.min(1, share) * 100);
  return (
    <div role="status">
      <div className="hm-soft">
        {label} {share === undefined ? '' : f.percent(share, 0)}
      </div>
      <Bar
        aria-label={label}
        percent={percent ?? 100}
        status={share === 1 ? 'success' : 'active'}
        showInfo={false}
      />
    </div>
  );
}
