import type { components } from '@hongmi/sdk';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useExpiryShown } from './expiry-shown.ts';
import { words } from './words.ts';

export type Changed = components['schemas']['ChangedSettings'];
export type SettingName = keyof Changed;

/** The settings that have a value of their own, in the order in which they are shown. */
export const SETTINGS = [
  'returnPolicy',
  'refundGraceDays',
  'adjustLimit',
  'giftMax',
  'giftDayMax',
  'offlineDayMax',
  'ruleNoticeDays',
  'merchantsRegisterMembers',
  'membersJoinThemselves',
] as const satisfies readonly SettingName[];
export type Setting = (typeof SETTINGS)[number];

/** Says what a setting is, in words. */
export function useSettingShown(): (name: SettingName, all: Changed) => string {
  const t = useWords(words);
  const f = useFormat();
  const expiry = useExpiryShown();
  return (name, all) => {
    switch (name) {
      case 'returnPolicy':
        return all.returnPolicy === undefined ? '' : t.policies[all.returnPolicy];
      case 'refundGraceDays':
      case 'ruleNoticeDays':
        return t.days(f.number(all[name] ?? 0));
      case 'adjustLimit':
      case 'giftMax':
      case 'giftDayMax':
      case 'offlineDayMax':
        return t.pointsOf(f.number(all[name] ?? 0));
      case 'merchantsRegisterMembers':
      case 'membersJoinThemselves':
        return all[name] === true ? t.on : t.off;
      case 'conversions':
        return (all.conversions ?? [])
          .map(({ from, to, num, den }) => `${from} → ${to} ${num}/${den}`)
          .join(' · ');
      case 'pointTypes':
        return (all.pointTypes ?? [])
          .map((each) => t.named(each.name, expiry(each.expiryPolicy)))
          .join(' · ');
    }
  };
}
