import { Component, createContext, type ReactNode, useContext } from 'react';
import { type Failure, failureOf } from './failure.ts';
import { askAgain } from './later.ts';

/** What stands in the place of what failed, and how it is tried again. */
type Shown = (failure: Failure, retry: () => void) => ReactNode;

const Around = createContext<Shown | undefined>(undefined);

interface Props {
  readonly children: ReactNode;
  readonly shown: Shown;
}

/** A page that throws takes nothing else with it. */
export class ErrorBoundary extends Component<Props, { readonly error: unknown }> {
  override state: { readonly error: unknown } = { error: undefined };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render(): ReactNode {
    const { children, shown } = this.props;
    const { error } = this.state;
    if (error === undefined) return <Around value={shown}>{children}</Around>;
    return shown(failureOf(error), () => {
      askAgain();
      this.setState({ error: undefined });
    });
  }
}

/** A part of a page that throws does not take the page with it either: told in its place, as that of the page would be. */
export function PartBoundary({ children }: { readonly children: ReactNode }) {
  const shown = useContext(Around);
  return shown === undefined ? children : <ErrorBoundary shown={shown}>{children}</ErrorBoundary>;
}
