/** The server under test, exactly as `npm start` runs it. */
import { start } from '@hongmi/server/main/start';

await start();
