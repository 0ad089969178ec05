import { PageRoot } from '@hongmi/ui/page-root.tsx';
import { createRoot } from 'react-dom/client';
import { fetchPagesAt } from './app/area-pages.ts';
import { stampStyles } from './app/nonce.ts';
import { fetchSession } from './app/session.ts';
import './base.css';

/** Where nobody has to be signed in. */
const OPEN = /^\/(sign-in|invitation)(\/|$)/;

stampStyles();
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has a place for the console');
const path = location.pathname.replace(/^\/console/, '') || '/';
// Side by side, instead of each when the one before has asked for it.
if (!OPEN.test(path)) {
  fetchSession();
  fetchPagesAt(path);
}
// Not as a lazy component: what React shows in its place, it keeps for a third of a second.
import('./app/frame.tsx').then(
  ({ default: Frame }) =>
    createRoot(root).render(
      <PageRoot base="/console">
        <Frame />
      </PageRoot>,
    ),
  () => {
    root.textContent =
      '页面没有载入完整，请刷新。The page did not load completely; please reload it.';
  },
);
