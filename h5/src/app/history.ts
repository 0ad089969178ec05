/** The browser's history as far as these pages made it. */
let made = 0;
let isGoingBack = false;

/**
 * Notes where people go: call once, before anything is shown. Going to a page adds an entry, going back takes one away; a reload keeps
 * the entries but forgets how many were ours, and then the way back leads up instead.
 */
export function watchHistory(): void {
  addEventListener('pushState', () => {
    made += 1;
  });
  addEventListener('popstate', () => {
    made = Math.max(0, made - 1);
    isGoingBack = true;
  });
}

/** Whether going back stays within these pages. */
const cameFromWithin = (): boolean => made > 0;

/** Whether the page that is shown now was come back to: the browser finds its place by itself. Tells it once. */
export function takeGoingBack(): boolean {
  const was = isGoingBack;
  isGoingBack = false;
  return was;
}

/** Back to the page that led here, which is as it was; where none did, elsewhere. */
export function goBackOr(elsewhere: () => void): void {
  if (cameFromWithin()) history.back();
  else elsewhere();
}
