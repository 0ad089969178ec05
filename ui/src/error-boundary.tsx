import { Component, type ReactNode } from 'react';
import { type Failure, failureOf } from './failure.ts';
import { askAgain } from './later.ts';

/** A page that throws takes nothing else with it. `shown`: what stands there instead, and how it is tried again. */
export class ErrorBoundary extends Component<
  {
    readonly children: ReactNode;
    readonly shown: (failure: Failure, retry: () => void) => ReactNode;
  },
  { readonly error: unknown }
> {
  override state: { readonly error: unknown } = { error: undefined };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return this.props.shown(failureOf(error), () => {
      askAgain();
      this.setState({ error: undefined });
    });
  }
}
