import { type ComponentType, type ReactNode, Suspense, useEffect, useState } from 'react';
import { PartBoundary } from './error-boundary.tsx';
import { type Components, type FetchedLater, later, type PropsOf } from './later.ts';

/** Nothing to see; but who looks at the page as a whole can tell that something is still to come. */
const UNSEEN = <span hidden aria-busy="true" />;

/**
 * A part of a page that is fetched when it is first shown: a form behind a button, say. The page around it stays as it is meanwhile,
 * and also when it did not come. `coming` stands in its place until then.
 *
 * ```ts
 * const ClosePeriod = laterPart(() => import(…), 'ClosePeriod');
 * ```
 */
export function laterPart<Name extends string, Module extends Components<Name>>(
  load: () => Promise<Module>,
  name: Name,
  coming: ReactNode = UNSEEN,
): FetchedLater<PropsOf<Module[Name]>> {
  const fetched = later(load, name);
  const { fetch, isHere } = fetched;
  // What props there are, the caller's compiler knows; they only pass through here.
  const Part = fetched as unknown as ComponentType<object>;
  return Object.assign(
    (props: PropsOf<Module[Name]>) => {
      const isDue = useAfterPaint(isHere());
      if (!isDue) return coming;
      return (
        <PartBoundary>
          <Suspense fallback={coming}>
            <Part {...(props as object)} />
          </Suspense>
        </PartBoundary>
      );
    },
    { fetch, isHere },
  );
}

/** True after the frame that shows what is there already, which would wait for what begins now otherwise; or at once. */
function useAfterPaint(atOnce: boolean): boolean {
  const [isDue, setDue] = useState(atOnce);
  useEffect(() => {
    const frame = requestAnimationFrame(() => setDue(true));
    return () => cancelAnimationFrame(frame);
  }, []);
  return isDue;
}
