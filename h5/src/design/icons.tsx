import {
  AppOutline,
  GiftOutline,
  ReceiptOutline,
  SystemQRcodeOutline,
  UserOutline,
} from 'antd-mobile-icons';
import type { ComponentType } from 'react';
import type { Tab } from '../app/tabs.ts';

type Icon = ComponentType<{ readonly 'aria-hidden': true }>;

const ICONS: Readonly<Record<Tab, Icon>> = {
  home: AppOutline,
  rewards: GiftOutline,
  code: SystemQRcodeOutline,
  records: ReceiptOutline,
  me: UserOutline,
};

/** Beside a word that says the same. */
export function TabIcon({ name }: { readonly name: Tab }) {
  const Icon = ICONS[name];
  return <Icon aria-hidden />;
}
