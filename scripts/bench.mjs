import { ensure } from './ensure.mjs';

await ensure();
const { main } = await import('../bench/dist/main.js');
await main(process.argv.slice(2));
