import { Brand } from '@hongmi/ui/brand.tsx';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { Button } from 'antd-mobile';
import type { Shop } from './shop.ts';
import { NO_STORE } from './storage.ts';

const words = wordsOf({
  zh: {
    title: '这台收银机在哪家门店？',
    none: '不属于门店',
    once: '只需选择一次，可在“更多”里更改。',
  },
  en: {
    title: 'Which store does this till stand in?',
    none: 'In no store',
    once: 'Chosen once for this machine; under “More” it can be changed.',
  },
});

/** Asked once for a machine. */
export function ChooseStore({
  stores,
  choose,
}: {
  readonly stores: Shop['stores'];
  readonly choose: (code: string) => void;
}) {
  const t = useWords(words);
  return (
    <main className="till-door">
      <Brand title={t.title}>
        <p className="hm-soft">{t.once}</p>
      </Brand>
      <div className="till-choices">
        {stores.map(({ code, name }) => (
          <Button key={code} block size="large" onClick={() => choose(code)}>
            {name}
          </Button>
        ))}
        <Button block fill="none" onClick={() => choose(NO_STORE)}>
          {t.none}
        </Button>
      </div>
    </main>
  );
}
