import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

const words = wordsOf({
  zh: { pull: '下拉刷新', release: '松开刷新', refreshing: '正在刷新' },
  en: { pull: 'Pull to refresh', release: 'Release to refresh', refreshing: 'Refreshing' },
});

/** How far a finger moves down, in px, until letting go asks for everything anew. */
const FAR_PX = 72;
/** The sign follows the finger at half its pace, so far and no further. */
const SHOWN_MAX_PX = 64;

/**
 * Pulling a page down asks for everything on it anew. antd-mobile's own wraps the page and brings 15 kB of springs; this one only
 * listens, so that scrolling never waits for it.
 */
export function PullToRefresh() {
  const t = useWords(words);
  const queries = useQueryClient();
  const [pulledPx, setPulledPx] = useState(0);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    let from: number | undefined;
    let px = 0;
    const begin = ({ touches, target }: TouchEvent): void => {
      // A sheet that lies over the page is pulled for its own sake.
      const isOver = target instanceof Element && target.closest('dialog') !== null;
      from = scrollY <= 0 && touches.length === 1 && !isOver ? touches[0]?.clientY : undefined;
    };
    const move = ({ touches }: TouchEvent): void => {
      if (from === undefined) return;
      px = scrollY > 0 ? 0 : Math.max(0, (touches[0]?.clientY ?? from) - from);
      setPulledPx(px);
    };
    const end = (): void => {
      const isFar = px >= FAR_PX;
      from = undefined;
      px = 0;
      setPulledPx(0);
      if (!isFar) return;
      setBusy(true);
      void queries.refetchQueries({ type: 'active' }).finally(() => setBusy(false));
    };
    const passive = { passive: true };
    addEventListener('touchstart', begin, passive);
    addEventListener('touchmove', move, passive);
    addEventListener('touchend', end, passive);
    addEventListener('touchcancel', end, passive);
    return () => {
      removeEventListener('touchstart', begin);
      removeEventListener('touchmove', move);
      removeEventListener('touchend', end);
      removeEventListener('touchcancel', end);
    };
  }, [queries]);
  if (pulledPx === 0 && !isBusy) return null;
  const shown = isBusy ? SHOWN_MAX_PX / 2 : Math.min(pulledPx / 2, SHOWN_MAX_PX);
  return (
    <div className="hm-pull" style={{ height: shown }} role="status">
      <span>{isBusy ? t.refreshing : pulledPx >= FAR_PX ? t.release : t.pull}</span>
    </div>
  );
}
