import { installable } from '../ui/build/installable.ts';
import { pageConfig } from '../ui/build/page-config.ts';

const BASE = '/m/';

export default pageConfig(BASE, [
  installable({
    base: BASE,
    name: '红米好物',
    shortName: '红米好物',
    description: '一次消费，多家积分；每一分都能查到来历。',
    offline: [
      ...['pages/home/home-page.tsx', 'pages/home/recent-card.tsx', 'pages/code/code-page.tsx'],
      ...['pages/redemptions/area.tsx', 'pages/redemptions/redemption-page.tsx'],
      'pages/redemptions/rest.tsx',
    ],
  }),
]);
