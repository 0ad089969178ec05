import { useWords } from '@hongmi/ui/language.ts';
import { Qr } from '@hongmi/ui/qr.tsx';
import { Button } from 'antd-mobile';
import { useRef, useState } from 'react';
import { useProgramme } from '../../app/programme.ts';
import { Card } from '../../design/page.tsx';
import { words } from './words.ts';
import './share.css';

/** The link as a code to scan, to copy, and for the system's own way of sharing where there is one. */
export function LinkCard({
  programme,
  code,
}: {
  readonly programme: string;
  readonly code: string;
}) {
  const t = useWords(words);
  const name = useProgramme()?.name ?? '';
  const field = useRef<HTMLInputElement>(null);
  const [said, setSaid] = useState('');
  const url = `${location.origin}/m/?${new URLSearchParams({ join: programme, from: code })}`;
  const copy = async (): Promise<void> => {
    try {
      // Over plain http from another machine there is no clipboard.
      if (navigator.clipboard === undefined) throw new Error('there is no clipboard');
      await navigator.clipboard.writeText(url);
      setSaid(t.copied);
    } catch {
      field.current?.select();
      setSaid(t.copyByHand);
    }
  };
  return (
    <Card title={t.mine}>
      <div className="hm-stack">
        <div className="hm-share-qr">
          <Qr text={url} label={t.qr} />
        </div>
        <input
          ref={field}
          className="hm-share-link"
          aria-label={t.link}
          readOnly
          value={url}
          onFocus={({ target }) => target.select()}
        />
        <p className="hm-soft">{t.code(code)}</p>
        {typeof navigator.share === 'function' ? (
          <Button
            block
            color="primary"
            size="large"
            // Who thinks better of it has cancelled, and nothing is to be said about that.
            onClick={() => void navigator.share({ text: t.shareText(name), url }).catch(() => {})}
          >
            {t.share}
          </Button>
        ) : null}
        <Button block size="large" onClick={() => void copy()}>
          {t.copy}
        </Button>
        <p role="status" className="hm-soft hm-share-said">
          {said}
        </p>
      </div>
    </Card>
  );
}
