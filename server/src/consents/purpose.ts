import Type from 'typebox';

/** What a member can agree to for the platform alone. */
export const OWN_PURPOSES = [
  /** Keeping a credit band, and giving more points by it. */
  'credit_band',
  /** Being put into segments, and offers by them. */
  'personalised_offers',
  /** Keeping the day of birth, and gifts by it. */
  'birthday',
  /** Advertising by a channel; notices that the law demands need no consent. */
  'messages_in_app',
  'messages_sms',
  'messages_wechat',
  'messages_email',
] as const;

/** What a member agrees to separately for each merchant that receives data: the consent names it. */
export const MERCHANT_PURPOSES = ['share_with_merchant'] as const;

export const PURPOSES = [...OWN_PURPOSES, ...MERCHANT_PURPOSES] as const;
export type Purpose = (typeof PURPOSES)[number];
export type OwnPurpose = (typeof OWN_PURPOSES)[number];
export type MerchantPurpose = (typeof MERCHANT_PURPOSES)[number];

/** Where a member said so. */
export const CONSENT_CHANNELS = ['app', 'mini_program', 'web', 'till', 'phone', 'paper'] as const;
export type ConsentChannel = (typeof CONSENT_CHANNELS)[number];

export const PurposeName = Type.Enum(PURPOSES);
export const OwnPurposeName = Type.Enum(OWN_PURPOSES);
export const MerchantPurposeName = Type.Enum(MERCHANT_PURPOSES);
export const ConsentChannelName = Type.Enum(CONSENT_CHANNELS);
