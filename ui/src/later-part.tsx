import { type ComponentType, type ReactNode, Suspense, useEffect, useState } from 'react';
import { type Components, later, type PropsOf } from './later.ts';

/**
 * A part of a page that is fetched when it is first shown: a form behind a button, say. The page around it stays as it is meanwhile.
 *
 * ```ts
 * const ClosePeriod = laterPart(() => import(…), 'ClosePeriod');
 * ```
 */
export function laterPart<Name extends string, Module extends Components<Name>>(
  load: () => Promise<Module>,
  name: Name,
): ComponentType<PropsOf<Module[Name]>> {
  // What props there are, the caller's compiler knows; they only pass through here.
  const Part = later(load, name) as unknown as ComponentType<object>;
  return (props) => (
    <AfterPaint>
      <Part {...(props as object)} />
    </AfterPaint>
  );
}

/** Begins after the frame that shows what is there already, which would wait for it otherwise. */
function AfterPaint({ children }: { readonly children: ReactNode }) {
  const [isDue, setDue] = useState(false);
  useEffect(() => {
    const frame = requestAnimationFrame(() => setDue(true));
    return () => cancelAnimationFrame(frame);
  }, []);
  // Nothing to see; but who looks at the page as a whole can tell that something is still to come.
  const coming = <span hidden aria-busy="true" />;
  return isDue ? <Suspense fallback={coming}>{children}</Suspense> : coming;
}
