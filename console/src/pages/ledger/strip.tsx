import { useFormat } from '@hongmi/ui/format.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';

const words = wordsOf({
  zh: {
    shown: (shard: string, done: string, of: string, wrong: string) =>
      `分片 ${shard}：${of} 块中已核验 ${done} 块，${wrong} 块不符`,
  },
  en: {
    shown: (shard: string, done: string, of: string, wrong: string) =>
      `Shard ${shard}: ${done} of ${of} blocks verified, ${wrong} of them wrong`,
  },
});

const CELLS = 96;
const WIDTH = 8;
const GAP = 1;

/** A chain at a glance: cells in its order, each some blocks of it, as good as the worst of them. */
export function Strip({
  shard,
  after,
  upTo,
  done,
  pinned,
  wrong,
}: {
  readonly shard: number;
  readonly after: number;
  readonly upTo: number;
  /** The last block that was looked at. */
  readonly done: number;
  /** The last one that a seal confirms. */
  readonly pinned: number | null;
  readonly wrong: ReadonlySet<number>;
}) {
  const t = useWords(words);
  const f = useFormat();
  const count = Math.max(0, upTo - after);
  const cells = Math.min(CELLS, count);
  const colourOf = (cell: number): string => {
    const first = after + Math.floor((cell * count) / cells) + 1;
    const last = after + Math.floor(((cell + 1) * count) / cells);
    for (let block = first; block <= last; block += 1) if (wrong.has(block)) return 'var(--hm-bad)';
    if (last > done) return 'var(--hm-line)';
    return pinned !== null && last <= pinned ? 'var(--hm-green)' : 'var(--hm-info)';
  };
  const label = t.shown(
    String(shard),
    f.number(Math.max(0, done - after)),
    f.number(count),
    f.number(wrong.size),
  );
  return (
    <svg
      className="hm-strip"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${CELLS * (WIDTH + GAP)} 20`}
      preserveAspectRatio="none"
    >
      <title>{label}</title>
      {Array.from({ length: cells }, (_, cell) => (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
          key={cell}
          x={(cell * CELLS * (WIDTH + GAP)) / cells}
          y={2}
          width={(CELLS * (WIDTH + GAP)) / cells - GAP}
          height={16}
          rx={1.5}
          fill={colourOf(cell)}
        />
      ))}
    </svg>
  );
}
