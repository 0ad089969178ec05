import { laterPart } from '@hongmi/ui/later-part.tsx';
import { useState } from 'react';
import type { DialogProps } from './dialog-frame.tsx';

const DialogFrame = laterPart(() => import('./dialog-frame.tsx'), 'DialogFrame');

/**
 * A form or a closer look over the page. What is inside brings its own buttons; Escape and the cross close it. Fetched when it is
 * first opened: who reads a page waits for none of it. Make what is inside a `laterPart`, too.
 */
export function Dialog(props: DialogProps) {
  const { isOpen } = props;
  const [wasOpen, setWasOpen] = useState(isOpen);
  if (isOpen && !wasOpen) setWasOpen(true);
  return wasOpen ? <DialogFrame {...props} /> : null;
}
