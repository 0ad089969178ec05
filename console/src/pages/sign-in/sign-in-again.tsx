import { setConnection } from '@hongmi/ui/connection.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { useQueryClient } from '@tanstack/react-query';
import { Modal } from 'antd';
import { SignInForm } from './sign-in-form.tsx';

const words = wordsOf({
  zh: { title: '登录已结束，请重新登录', kept: '本页已填写的内容都在。' },
  en: { title: 'You were signed out', kept: 'Sign in again; what you typed on this page is kept.' },
});

/** Over the page, whose forms stay as they are. */
export default function SignInAgain() {
  const t = useWords(words);
  const queries = useQueryClient();
  return (
    <Modal
      open
      title={t.title}
      footer={null}
      closable={false}
      keyboard={false}
      mask={{ closable: false }}
    >
      <p>{t.kept}</p>
      <SignInForm
        done={() => {
          setConnection({ needsSignIn: false });
          void queries.invalidateQueries();
        }}
      />
    </Modal>
  );
}
