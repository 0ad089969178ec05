import { ensure } from './ensure.mjs';

await ensure();
const { main } = await import('../cli/dist/main.js');
await main(['scenarios', ...process.argv.slice(2)]);
