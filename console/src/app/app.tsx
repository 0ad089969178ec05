import { TAGS, useLanguage } from '@hongmi/ui/language.ts';
import { applyScheme, useScheme } from '@hongmi/ui/scheme.ts';
import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useLayoutEffect } from 'react';
import { Router } from 'wouter';
import { queries } from './queries.ts';
import { Waiting } from './waiting.tsx';

// React alone comes first; antd and the shell arrive while the session is asked for.
const Frame = lazy(() => import('./frame.tsx'));

/** Everything that a page may count on: colours, language, data and addresses below /console. */
export function App() {
  const scheme = useScheme();
  const language = useLanguage();
  useLayoutEffect(() => applyScheme(scheme), [scheme]);
  useLayoutEffect(() => {
    document.documentElement.lang = TAGS[language];
  }, [language]);
  return (
    <QueryClientProvider client={queries}>
      <Router base="/console">
        <Suspense fallback={<Waiting />}>
          <Frame />
        </Suspense>
      </Router>
    </QueryClientProvider>
  );
}
