import { ArrowDownOutlined, ArrowUpOutlined } from '@ant-design/icons';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { changeOf } from './period.ts';
import { words } from './words.ts';

/** Under half a per mille nothing changed that anybody should look at. */
const SAME = 0.0005;
/** From so many times as much on, per cent say nothing to anybody. */
const MANY = 10;

/** How a figure stands beside that of the days before: an arrow for the eye, a sentence for the ear. Neither is good or bad by itself. */
export function Change({ now, before }: { readonly now: number; readonly before: number }) {
  const t = useWords(words);
  const f = useFormat();
  const change = changeOf(now, before);
  if (change === undefined) return <span>{now === 0 ? t.change.same : t.change.none}</span>;
  if (Math.abs(change) < SAME) return <span>{t.change.same}</span>;
  const percent = f.percent(Math.abs(change));
  if (change < 0)
    return (
      <span>
        <ArrowDownOutlined aria-hidden /> {t.change.down(percent)}
      </span>
    );
  const isMany = now >= before * MANY;
  return (
    <span>
      <ArrowUpOutlined aria-hidden />{' '}
      {isMany ? t.change.times(f.number(Math.round(now / before))) : t.change.up(percent)}
    </span>
  );
}
