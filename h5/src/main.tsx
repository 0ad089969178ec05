import { start } from '@hongmi/ui/mobile/start.tsx';
import { queries } from '@hongmi/ui/queries.ts';
import { Gate } from './app/gate.tsx';
import { watchHistory } from './app/history.ts';
import { keepLastSeen } from './app/kept.ts';
import { fetchMe } from './app/me.ts';
import { fetchPagesAt } from './app/pages.ts';
import { takePayer } from './app/payer.ts';
import './base.css';

watchHistory();
takePayer();
keepLastSeen(queries, localStorage);
const path = location.pathname.replace(/^\/m/, '') || '/';
// Side by side, instead of each when the one before has asked for it.
if (path !== '/sign-in') {
  fetchMe();
  fetchPagesAt(path);
}
start('/m', <Gate />);
