import { ErrorBoundary } from '@hongmi/ui/error-boundary.tsx';
import { type ReactNode, Suspense } from 'react';
import { FailureAlert } from './failure-shown.tsx';
import './over-page.css';

/** For what is fetched to stand over the page: if it does not come, that is told there, and the page stays as it is. */
export function OverPage({ children }: { readonly children: ReactNode }) {
  return (
    <ErrorBoundary
      shown={(failure, retry) => (
        <div className="hm-over-page">
          <FailureAlert failure={failure} retry={retry} />
        </div>
      )}
    >
      <Suspense>{children}</Suspense>
    </ErrorBoundary>
  );
}
