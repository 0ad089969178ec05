import { useWords } from '@hongmi/ui/language.ts';
import { CloseOutline } from 'antd-mobile-icons';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { words } from './words.ts';

/** Something that lies over the desk until it is done or closed. The browser keeps the focus within, and Escape closes it. */
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
    <dialog ref={dialog} className="till-sheet" aria-labelledby={heading} onCancel={close}>
      <div className="till-sheet-head">
        <h2 id={heading}>{title}</h2>
        <button type="button" className="till-icon" aria-label={t.close} onClick={close}>
          <CloseOutline />
        </button>
      </div>
      {children}
    </dialog>
  );
}
