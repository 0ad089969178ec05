import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useQuery } from '@tanstack/react-query';
import { hongmi } from '../../app/api.ts';
import { Loaded } from '../../design/loaded.tsx';
import { Figure } from '../../design/page.tsx';
import { Money } from '../../design/values.tsx';
import { usePointNames } from './point-names.ts';
import { words } from './words.ts';

export function useRollForward(id: string) {
  return useQuery({
    queryKey: ['roll-forward', id],
    queryFn: ({ signal }) => hongmi.getRollForward({ id }, { signal }),
  });
}

/** What is owed at the end of a period, by type of points. */
export function ClosingLiability({ id }: { readonly id: string }) {
  const t = useWords(words);
  const f = useFormat();
  const names = usePointNames();
  const query = useRollForward(id);
  return (
    <Loaded query={query} rows={2}>
      {({ totals }) => (
        <div className="hm-figures">
          {totals.map(({ pointType, points, fen }) => (
            <Figure
              key={pointType}
              name={t.liability(names.of(pointType))}
              value={<Money fen={fen.closing} />}
              more={t.more(f.points(points.closing, names.scaleOf(pointType)))}
            />
          ))}
        </div>
      )}
    </Loaded>
  );
}
