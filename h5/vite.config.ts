import { installable } from '../ui/build/installable.ts';
import { pageConfig } from '../ui/build/page-config.ts';
import { preloaded } from '../ui/build/preloaded.ts';

const BASE = '/m/';

/**
 * What pages share is one file instead of thirty, because a browser has six of them on their way at a time; but not what puts dialogs
 * on the screen, which nobody needs before they press something, and not what areas share with few others, nor what
 * the first script is made of: what it asks early would wait for the whole file.
 */
const SHARED = {
  name: 'shared',
  minShareCount: 4,
  includeDependenciesRecursively: false,
  test: /^(?!.*(preload-helper|react-spring|src[\\/](early|session|app[\\/](areas|kept))|[\\/]pages[\\/](?!tier[\\/]query)|antd-mobile[\\/]es[\\/]components[\\/](?!button|skeleton|dot-loading|config-provider)))/,
};

export default pageConfig(
  BASE,
  [
    preloaded(BASE, ['src/start.tsx']),
    installable({
      base: BASE,
      name: '红米好物',
      shortName: '红米好物',
      description: '一次消费，多家积分；每一分都能查到来历。',
      offline: [
        ...['src/start.tsx', 'pages/home/recent-card.tsx', 'pages/code/code-page.tsx'],
        ...['pages/redemptions/area.tsx', 'pages/redemptions/redemption-page.tsx'],
        'pages/redemptions/rest.tsx',
      ],
    }),
  ],
  { codeSplitting: { groups: [SHARED] } },
);
