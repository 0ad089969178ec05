import { Component, type ReactNode } from 'react';
import { failureOf } from '../app/failure.ts';
import { FailureShown } from './failure-shown.tsx';

/** A page that throws takes nothing else with it. */
export class ErrorBoundary extends Component<
  { readonly children: ReactNode },
  { readonly error: unknown }
> {
  override state: { readonly error: unknown } = { error: undefined };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <FailureShown failure={failureOf(error)} retry={() => this.setState({ error: undefined })} />
    );
  }
}
