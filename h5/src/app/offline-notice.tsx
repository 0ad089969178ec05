import { probe, setConnection, useConnection } from '@hongmi/ui/connection.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

const words = wordsOf({
  zh: { offline: '没有网络。会员码仍可使用，其余内容是上次看到的。' },
  en: { offline: 'No connection. Your code works all the same; the rest is as last seen.' },
});

/** Says that the network is away, and asks for everything again once it is back. */
export function OfflineNotice() {
  const t = useWords(words);
  const queries = useQueryClient();
  const { isReachable } = useConnection();
  useEffect(() => {
    const lost = (): void => setConnection({ isReachable: false });
    if (!navigator.onLine) lost();
    addEventListener('offline', lost);
    return () => removeEventListener('offline', lost);
  }, []);
  useEffect(
    () => (isReachable ? undefined : probe(() => void queries.invalidateQueries())),
    [isReachable, queries],
  );
  if (isReachable) return null;
  return (
    <p role="status" className="hm-offline">
      {t.offline}
    </p>
  );
}
