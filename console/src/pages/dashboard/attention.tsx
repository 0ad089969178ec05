import { failureOf, isAbsent, isForbidden } from '@hongmi/ui/failure.ts';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useQueries } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { Programme } from '../../app/programme.tsx';
import { useMay, useSession } from '../../app/session.ts';
import { Card } from '../../design/page.tsx';
import { Skeleton } from '../../design/skeleton.tsx';
import { Tag } from '../../design/tag.tsx';
import { SOURCES, type Source } from './attention-sources.ts';
import { words } from './words.ts';

interface Row {
  readonly source: Source;
  /** Null: it could not be read. */
  readonly count: number | null;
  readonly hasMore: boolean;
}

/** What waits for somebody, as far as the person may know of it; the rest is not there. */
export function Attention({ programme }: { readonly programme: Programme }) {
  const t = useWords(words);
  const f = useFormat();
  const may = useMay();
  const { merchantId } = useSession();
  const own = SOURCES.filter(
    ({ scope, isPlatforms }) => may(scope) && (merchantId === null || !isPlatforms),
  );
  const found = useQueries({
    queries: own.map(({ name, count }) => ({
      queryKey: ['attention', name, programme.code, merchantId],
      queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
        count({ programme, isMerchants: merchantId !== null, signal }),
    })),
  });
  const rows = own.flatMap((source, at): Row[] => {
    const { data, error } = found[at] ?? {};
    if (data !== undefined) return data.count === 0 ? [] : [{ source, ...data }];
    if (error === null || error === undefined) return [];
    // Not for this role after all, or not there yet: nothing to attend to.
    const failure = failureOf(error);
    return isForbidden(failure) || isAbsent(failure)
      ? []
      : [{ source, count: null, hasMore: false }];
  });
  if (own.length === 0) return null;
  const isReading = found.some(({ isPending }) => isPending);
  return (
    <Card title={t.attention.title}>
      {rows.length > 0 ? (
        <ul className="hm-waiting-list">
          {rows.map(({ source, count, hasMore }) => (
            <li key={source.name}>
              <Link href={source.href}>{t.attention[source.name]}</Link>
              {count === null ? (
                <span className="hm-soft">{t.attention.unknown}</span>
              ) : (
                <Tag tone={source.tone}>{`${f.number(count)}${hasMore ? '+' : ''}`}</Tag>
              )}
            </li>
          ))}
        </ul>
      ) : isReading ? (
        <Skeleton rows={3} />
      ) : (
        <p className="hm-soft">{t.attention.nothing}</p>
      )}
    </Card>
  );
}
