import { ArrowDownOutlined, ArrowUpOutlined } from '@ant-design/icons';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { changeOf } from './period.ts';
import { words } from './words.ts';

/** Under half a per mille nothing changed that anybody should look at. */
const SAME = 0.0005;

/** How a figure stands beside that of the days before: an arrow for the eye, a sentence for the ear. Neither is good or bad by itself. */
export function Change({ now, before }: { readonly now: number; readonly before: number }) {
  const t = useWords(words);
  const f = useFormat();
  const change = changeOf(now, before);
  if (change === undefined) return <span>{now === 0 ? t.change.same : t.change.none}</span>;
  if (Math.abs(change) < SAME) return <span>{t.change.same}</span>;
  const percent = f.percent(Math.abs(change));
  return (
    <span className="hm-number">
      {change > 0 ? <ArrowUpOutlined aria-hidden /> : <ArrowDownOutlined aria-hidden />}{' '}
      {change > 0 ? t.change.up(percent) : t.change.down(percent)}
    </span>
  );
}
