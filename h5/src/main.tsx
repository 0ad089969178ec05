import { fetchPagesAt } from './app/areas.ts';
import { askEarly } from './early.ts';

// Side by side, instead of each when the one before has asked for it.
const path = location.pathname.replace(/^\/m/, '') || '/';
askEarly(path);
fetchPagesAt(path);
void import('./start.tsx');
