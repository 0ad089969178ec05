/** The server under test, exactly as `npm start` runs it. */
import { start } from '@hongmi/server/main/start';

// When the bench itself is killed nobody reads these any more, and the server must still stop its database.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
await start();
