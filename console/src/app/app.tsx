import { TAGS, useLanguage } from '@hongmi/ui/language.ts';
import { applyScheme, useScheme } from '@hongmi/ui/scheme.ts';
import { QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useLayoutEffect } from 'react';
import { Router } from 'wouter';
import { queries } from './queries.ts';

/** Everything that a page may count on: colours, language, data and addresses below /console. */
export function App({ children }: { readonly children: ReactNode }) {
  const scheme = useScheme();
  const language = useLanguage();
  useLayoutEffect(() => applyScheme(scheme), [scheme]);
  useLayoutEffect(() => {
    document.documentElement.lang = TAGS[language];
  }, [language]);
  return (
    <QueryClientProvider client={queries}>
      <Router base="/console">{children}</Router>
    </QueryClientProvider>
  );
}
