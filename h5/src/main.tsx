import { fetchPagesAt } from './app/areas.ts';
import { askEarly } from './early.ts';

// Side by side, instead of each when the one before has asked for it.
const path = location.pathname.replace(/^\/m/, '') || '/';
askEarly(path);
fetchPagesAt(path);
import('./start.tsx').catch((error: unknown) => {
  // No words came either: both languages, as index.html has them.
  const place = document.getElementById('root');
  if (place !== null)
    place.textContent =
      '页面没有载入完，请检查网络后刷新。 The page did not load. Reload it once there is a network.';
  throw error;
});
