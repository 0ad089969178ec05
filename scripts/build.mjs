// `npm run build`: everything that is not built yet.
import { ensure } from './ensure.mjs';

await ensure();
