import { start } from '@hongmi/ui/mobile/start.tsx';
import { queries } from '@hongmi/ui/queries.ts';
import { Gate } from './app/gate.tsx';
import { watchHistory } from './app/history.ts';
import { keepApart, keepLastSeen } from './app/kept.ts';
import { takePayer } from './app/payer.ts';
import './base.css';

watchHistory();
takePayer();
keepApart(queries);
keepLastSeen(queries, localStorage);
start('/m', <Gate />);
