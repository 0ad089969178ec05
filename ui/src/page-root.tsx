import { QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useLayoutEffect } from 'react';
import { Router } from 'wouter';
import { TAGS, useLanguage } from './language.ts';
import { queries } from './queries.ts';
import { applyScheme, useScheme } from './scheme.ts';

/** Everything that a page may count on: colours, language, data, and addresses below `base`, which ends without a slash. */
export function PageRoot({
  base,
  children,
}: {
  readonly base: string;
  readonly children: ReactNode;
}) {
  const scheme = useScheme();
  const language = useLanguage();
  useLayoutEffect(() => applyScheme(scheme), [scheme]);
  useLayoutEffect(() => {
    document.documentElement.lang = TAGS[language];
  }, [language]);
  return (
    <QueryClientProvider client={queries}>
      <Router base={base}>{children}</Router>
    </QueryClientProvider>
  );
}
