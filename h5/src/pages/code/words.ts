import { wordsOf } from '@hongmi/ui/language.ts';

export const words = wordsOf({
  zh: {
    title: '会员码',
    about: '结账时请店员扫一扫，或报出数字。',
    qr: '会员码，二维码',
    digits: '会员码数字',
    next: (seconds: string) => `${seconds} 秒后更新`,
    bright: '扫不出来？请把屏幕调亮。',
    safe: '每 30 秒换一个，没有网络也能用。只在付款时出示，不要发给别人。',
  },
  en: {
    title: 'My code',
    about: 'Have it scanned when you pay, or say the digits.',
    qr: 'Member code as a QR code',
    digits: 'Digits of the member code',
    next: (seconds: string) => `Next one in ${seconds} s`,
    bright: 'Does it not scan? Make the screen brighter.',
    safe: 'A new one every 30 seconds, also without a network. Show it when you pay, and send it to nobody.',
  },
});
