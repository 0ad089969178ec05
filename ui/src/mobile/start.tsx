import { ConfigProvider, setDefaultConfig, unstableSetRender } from 'antd-mobile';
import enUS from 'antd-mobile/es/locales/en-US';
import zhCN from 'antd-mobile/es/locales/zh-CN';
import { type ReactNode, useLayoutEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { useLanguage } from '../language.ts';
import { PageRoot } from '../page-root.tsx';
import { usePreference } from '../preference.ts';
import { applyTextSize, textSize } from '../text-size.ts';
import { keepShell } from './service-worker.ts';
import './look.css';

/** Shows pages for phones and tablets below an address, `/m`. */
export function start(base: string, pages: ReactNode): void {
  const place = document.getElementById('root');
  if (place === null) throw new Error('index.html has a place for the pages');
  // antd-mobile knows how to put toasts and dialogs on the page with React 18.
  unstableSetRender((node, container) => {
    const root = createRoot(container);
    root.render(node);
    return async () => root.unmount();
  });
  createRoot(place).render(
    <PageRoot base={base}>
      <Look>{pages}</Look>
    </PageRoot>,
  );
  keepShell(base);
}

/** antd-mobile in the language of the page, and text in the chosen size. */
function Look({ children }: { readonly children: ReactNode }) {
  const locale = useLanguage() === 'zh' ? zhCN : enUS;
  const size = usePreference(textSize);
  useLayoutEffect(() => applyTextSize(size), [size]);
  // What is put on the page by a call stands outside of every provider.
  useLayoutEffect(() => setDefaultConfig({ locale }), [locale]);
  return <ConfigProvider locale={locale}>{children}</ConfigProvider>;
}
