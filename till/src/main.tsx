import { start } from '@hongmi/ui/mobile/start.tsx';
import { TillPage } from './till-page.tsx';

start('/till', <TillPage />);
