import { BulbOutlined, GlobalOutlined, UserOutlined } from '@ant-design/icons';
import { LANGUAGES, language, useLanguage, useWords, wordsOf } from '@hongmi/ui/language.ts';
import { usePreference } from '@hongmi/ui/preference.ts';
import { SCHEME_CHOICES, schemeChoice } from '@hongmi/ui/scheme.ts';
import { Button, Dropdown } from 'antd';
import { useLocation } from 'wouter';
import { ProgrammePicker } from './programme.tsx';
import { useSession } from './session.ts';

const words = wordsOf({
  zh: {
    language: '语言',
    scheme: '外观',
    system: '跟随系统',
    light: '浅色',
    dark: '深色',
    zh: '中文',
    en: 'English',
    account: '我的账号',
    mine: '账号与安全',
    out: '退出登录',
  },
  en: {
    language: 'Language',
    scheme: 'Appearance',
    system: 'As the system',
    light: 'Light',
    dark: 'Dark',
    zh: '中文',
    en: 'English',
    account: 'My account',
    mine: 'Account and security',
    out: 'Sign out',
  },
});

/** The programme, and what is the person's own: language, appearance, account. */
export function TopBar({ signOut }: { readonly signOut: () => void }) {
  const t = useWords(words);
  const session = useSession();
  const scheme = usePreference(schemeChoice);
  const spoken = useLanguage();
  const [, navigate] = useLocation();
  return (
    <>
      <ProgrammePicker />
      <span className="hm-top-space" />
      <Dropdown
        trigger={['click']}
        menu={{
          selectable: true,
          selectedKeys: [spoken],
          items: LANGUAGES.map((key) => ({ key, label: t[key] })),
          onClick: ({ key }) => language.set(key as (typeof LANGUAGES)[number]),
        }}
      >
        <Button type="text" icon={<GlobalOutlined />} aria-label={t.language} />
      </Dropdown>
      <Dropdown
        trigger={['click']}
        menu={{
          selectable: true,
          selectedKeys: [scheme],
          items: SCHEME_CHOICES.map((key) => ({ key, label: t[key] })),
          onClick: ({ key }) => schemeChoice.set(key as (typeof SCHEME_CHOICES)[number]),
        }}
      >
        <Button type="text" icon={<BulbOutlined />} aria-label={t.scheme} />
      </Dropdown>
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            { key: 'mine', label: t.mine, onClick: () => navigate('/account') },
            { type: 'divider' },
            { key: 'out', label: t.out, onClick: signOut },
          ],
        }}
      >
        <Button
          type="text"
          icon={<UserOutlined />}
          aria-label={`${t.account} ${session.staff?.name ?? ''}`}
        >
          {session.staff?.name}
        </Button>
      </Dropdown>
    </>
  );
}
