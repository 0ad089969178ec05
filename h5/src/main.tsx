import { start } from '@hongmi/ui/mobile/start.tsx';
import { HomePage } from './home-page.tsx';

start('/m', <HomePage />);
