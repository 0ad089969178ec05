import { wordsOf } from '@hongmi/ui/language.ts';

export const words = wordsOf({
  zh: {
    title: '红米好物',
    about: '一次消费，多家积分；每一分都能查到来历。',
    phone: '手机号',
    sendCode: '获取验证码',
    sendAgainIn: (seconds: string) => `${seconds} 秒后可重新获取`,
    sendAgain: '重新获取验证码',
    sent: (phone: string) => `如果 ${phone} 可以登录，验证码已发出，5 分钟内有效。`,
    code: '验证码',
    haveCode: '我已收到验证码',
    signIn: '登录',
    otherPhone: '换一个手机号',
    joinTitle: '加入会员',
    joinAbout: '验证手机号即可加入；已是会员的直接登录。',
    invitedAbout:
      '朋友邀请您加入，入会免费。验证手机号即可。邀请只对第一次成为会员的人有效；已是会员的直接登录，不算受邀。',
    invitation: '邀请码（选填）',
    invitationForm: '10 位字母和数字',
    invitationAbout: '只对第一次成为会员的人有效；已是会员的，填了也不算。',
    agree:
      '我已了解：手机号加密保存，只用于登录和通知；积分与消费记录由平台保存，我可随时查看、下载；个性化推荐默认关闭。',
    again: '登录已结束',
    againAbout: '重新登录后，页面会停在您离开的地方。',
    language: 'English',
  },
  en: {
    title: 'Hongmi',
    about: 'Shop at one, earn at many; and every point can be traced.',
    phone: 'Mobile number',
    sendCode: 'Send me a code',
    sendAgainIn: (seconds: string) => `Again in ${seconds} s`,
    sendAgain: 'Send another code',
    sent: (phone: string) =>
      `If ${phone} can sign in, a code is on its way. It is valid for 5 minutes.`,
    code: 'Code',
    haveCode: 'I have a code already',
    signIn: 'Sign in',
    otherPhone: 'Another number',
    joinTitle: 'Become a member',
    joinAbout: 'Confirm your number and you are in; members are signed in.',
    invitedAbout:
      'A friend invites you; joining is free. Confirm your number and you are in. Invitations count for new members alone: who is one already is signed in, and nothing else.',
    invitation: 'Invitation code (if you have one)',
    invitationForm: '10 letters and digits',
    invitationAbout:
      'It counts for new members alone: of who is a member already it changes nothing.',
    agree:
      'I know: my number is kept encrypted, for signing in and messages only; points and purchases are kept by the platform, and I can see and download them at any time; personal offers are off unless I turn them on.',
    again: 'You are signed out',
    againAbout: 'Sign in again, and the page is where you left it.',
    language: '中文',
  },
});
