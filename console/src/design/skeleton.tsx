import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { Skeleton as Bones } from 'antd';

const words = wordsOf({ zh: { loading: '正在载入' }, en: { loading: 'Loading' } });

/** A page that is on its way. */
export function Skeleton({ rows = 6 }: { readonly rows?: number }) {
  const t = useWords(words);
  return (
    <div role="status">
      <span className="hm-hidden">{t.loading}</span>
      <Bones active title={{ width: '30%' }} paragraph={{ rows }} />
    </div>
  );
}
