import { wordsOf } from './language.ts';

/** What rewards are, to members and to those who offer them. */
export const rewardKinds = wordsOf({
  zh: {
    goods: '商品',
    service: '服务',
    voucher: '优惠券',
    sample: '小样',
    ticket: '票券',
    upgrade: '升级',
    insurance: '保险',
    parking: '停车',
    charging: '充电',
    travel: '出行',
    donation: '公益捐赠',
  },
  en: {
    goods: 'Goods',
    service: 'Service',
    voucher: 'Voucher',
    sample: 'Sample',
    ticket: 'Ticket',
    upgrade: 'Upgrade',
    insurance: 'Insurance',
    parking: 'Parking',
    charging: 'Charging',
    travel: 'Travel',
    donation: 'Donation',
  },
});
