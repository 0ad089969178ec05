import { ensure } from './ensure.mjs';

await ensure();
// The same process: Ctrl-C, exit code and log are the server's own.
const { start } = await import('../server/dist/main/start.js');
const { loadDemo } = await import('../cli/dist/demo.js');
await start({ loadDemo });
