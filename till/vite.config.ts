import { installable } from '../ui/build/installable.ts';
import { pageConfig } from '../ui/build/page-config.ts';

const BASE = '/till/';

export default pageConfig(BASE, [
  installable({
    base: BASE,
    name: '红米好物 · 收银',
    shortName: '红米收银',
    description: '扫码积分、核销、抵扣、退货；断网也能收银。',
    offline: 'all',
  }),
]);
