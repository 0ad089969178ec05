import { CloseOutline } from 'antd-mobile-icons';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useWords, wordsOf } from '../language.ts';

const words = wordsOf({ zh: { close: '关闭' }, en: { close: 'Close' } });

/** Something that lies over the page until it is done or closed. The browser keeps the focus within, and Escape closes it. */
export function Sheet({
  title,
  close,
  children,
}: {
  readonly title: string;
  readonly close: () => void;
  readonly children: ReactNode;
}) {
  const t = useWords(words);
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog ref={dialog} className="hm-sheet" aria-labelledby={heading} onCancel={close}>
      <div className="hm-sheet-head">
        <h2 id={heading}>{title}</h2>
        <button type="button" className="hm-sheet-close" aria-label={t.close} onClick={close}>
          <CloseOutline aria-hidden />
        </button>
      </div>
      {children}
    </dialog>
  );
}
