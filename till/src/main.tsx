import { start } from '@hongmi/ui/mobile/start.tsx';
import { Gate } from './app/gate.tsx';
import './till.css';

start('/till', <Gate />);
