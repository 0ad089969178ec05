import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { App } from 'antd';
import type { ReactNode } from 'react';

const words = wordsOf({
  zh: { yes: '确定', no: '取消' },
  en: { yes: 'Confirm', no: 'Cancel' },
});

/** Asks before something that cannot be taken back. */
export function useAsk(): (question: {
  readonly title: string;
  readonly about?: ReactNode;
  readonly yes?: string;
  readonly danger?: boolean;
}) => Promise<boolean> {
  const t = useWords(words);
  const { modal } = App.useApp();
  return ({ title, about, yes, danger = false }) =>
    new Promise((resolve) => {
      modal.confirm({
        title,
        content: about,
        okText: yes ?? t.yes,
        cancelText: t.no,
        okButtonProps: { danger },
        autoFocusButton: danger ? 'cancel' : 'ok',
        onOk: () => resolve(true),
        onCancel: () => resolve(false),
      });
    });
}
