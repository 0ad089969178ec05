import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { Alert, Button, Input } from 'antd';
import { useState } from 'react';
import { Loaded } from '../../design/loaded.tsx';
import { Card } from '../../design/page.tsx';
import { Tag } from '../../design/tag.tsx';
import { CopyButton } from '../../design/values.tsx';
import { setPin, usePin } from './pin.ts';
import { type Trust, useTrust } from './verifier.ts';

const words = wordsOf({
  zh: {
    title: '信任哪把公钥',
    why: '封印的签名只证明它出自这把密钥。请把它与运营方公开的（每日发布文件、书面交付）逐段对照，而不是只看本页。',
    published: '从别处得到的公钥（64 位十六进制）',
    matches: '与公开的一致，信任它',
    compare: '对照并信任',
    pinned: '已对照',
    unpinned: '尚未对照',
    forget: '不再信任',
    strange: '服务器给出的密钥里没有您信任的这一把',
    strangeWhy: '要么账本换了，要么有人伪造了密钥。在弄清之前，不要相信任何封印。',
    notKey: '公钥是 64 位十六进制',
    none: '还没有密钥：第一个封印时产生。',
    first: '第一把公钥',
  },
  en: {
    title: 'Which public key is trusted',
    why: 'A signature only proves that a seal came from this key. Compare it, group by group, with what the operator published (the daily files, a handed-over letter), not with this page alone.',
    published: 'The public key as you have it from elsewhere (64 hex digits)',
    matches: 'It is the published one, trust it',
    compare: 'Compare and trust',
    pinned: 'compared',
    unpinned: 'not compared yet',
    forget: 'Trust it no longer',
    strange: 'The key you trust is not among those the server has',
    strangeWhy:
      'Either this is another ledger, or somebody forged the keys. Believe no seal until this is clear.',
    notKey: 'A public key has 64 hex digits',
    none: 'There is no key yet: it is made with the first seal.',
    first: 'The first public key',
  },
});

/** The key that seals are checked with, to be compared with what was published, and then remembered. */
export function PinnedKey() {
  const t = useWords(words);
  const { pin } = usePin();
  return (
    <Card
      title={t.title}
      actions={
        <Tag tone={pin === null ? 'warn' : 'good'}>{pin === null ? t.unpinned : t.pinned}</Tag>
      }
    >
      <Loaded query={useTrust()} rows={2}>
        {(trust) => <KeyShown trust={trust} pin={pin} />}
      </Loaded>
    </Card>
  );
}

function KeyShown({ trust, pin }: { readonly trust: Trust; readonly pin: string | null }) {
  const t = useWords(words);
  const [typed, setTyped] = useState('');
  const first = trust.keys[0]?.publicKey;
  const given = typed.replaceAll(/[\s:]/g, '').toLowerCase();
  const isKey = /^[0-9a-f]{64}$/.test(given);
  if (first === undefined) return <p className="hm-soft">{t.none}</p>;
  if (pin !== null) {
    const isThere = trust.keys.some(({ publicKey }) => publicKey === pin);
    return (
      <div className="hm-stack">
        {isThere ? null : (
          <Alert type="error" showIcon role="alert" title={t.strange} description={t.strangeWhy} />
        )}
        <Fingerprint publicKey={pin} />
        <div className="hm-actions">
          <Button onClick={() => setPin(null)}>{t.forget}</Button>
        </div>
      </div>
    );
  }
  return (
    <div className="hm-stack">
      <p className="hm-soft" style={{ margin: 0 }}>
        {t.why}
      </p>
      <div>
        <div className="hm-soft">{t.first}</div>
        <Fingerprint publicKey={first} />
      </div>
      <form
        className="hm-filters"
        onSubmit={(event) => {
          event.preventDefault();
          if (isKey) setPin(given);
        }}
      >
        <label style={{ flex: '1 1 320px' }}>
          {t.published}
          <Input
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            status={typed === '' || isKey ? '' : 'error'}
            autoComplete="off"
            spellCheck={false}
          />
        </label>
        <Button htmlType="submit" disabled={!isKey}>
          {t.compare}
        </Button>
        <Button onClick={() => setPin(first)}>{t.matches}</Button>
      </form>
      <div aria-live="polite" className="hm-soft">
        {typed === '' || isKey ? null : t.notKey}
      </div>
    </div>
  );
}

/** In groups of four, as people compare. */
function Fingerprint({ publicKey }: { readonly publicKey: string }) {
  return (
    <span>
      <span className="hm-code hm-fingerprint">{publicKey.match(/.{1,4}/g)?.join(' ')}</span>
      <CopyButton text={publicKey} />
    </span>
  );
}
