import type { ReactNode } from 'react';
import { NotYours } from '../design/absent.tsx';
import { type Scope, useMay } from './session.ts';

/** A page for those who may do this: nobody fills in a form that the API would refuse them at the end. */
export function Allowed({ to, children }: { readonly to: Scope; readonly children: ReactNode }) {
  return useMay()(to) ? children : <NotYours isPage />;
}
