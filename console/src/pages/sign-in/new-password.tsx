import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { Form as AntForm, Input } from 'antd';

const words = wordsOf({
  zh: {
    password: '新密码',
    about: '10 至 128 个字符。几个不相干的词连在一起，好记也难猜。',
    again: '再次输入新密码',
    different: '两次输入不同',
    form: '须有 10 至 128 个字符',
  },
  en: {
    password: 'New password',
    about:
      '10 to 128 characters. A few words that have nothing to do with each other are easily kept in mind and hard to guess.',
    again: 'New password again',
    different: 'The two are not the same',
    form: 'It needs 10 to 128 characters',
  },
});

/** A new password, twice: as `password` of the form around it. */
export function NewPasswordFields() {
  const t = useWords(words);
  return (
    <>
      <AntForm.Item
        name="password"
        label={t.password}
        extra={t.about}
        validateTrigger="onBlur"
        rules={[
          { required: true, message: t.form },
          { min: 10, max: 128, message: t.form },
        ]}
      >
        <Input.Password autoComplete="new-password" maxLength={128} />
      </AntForm.Item>
      <AntForm.Item
        name="again"
        label={t.again}
        dependencies={['password']}
        validateTrigger="onBlur"
        rules={[
          { required: true, message: t.different },
          ({ getFieldValue }) => ({
            validator: (_, value: string | undefined) =>
              value === getFieldValue('password')
                ? Promise.resolve()
                : Promise.reject(new Error(t.different)),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" maxLength={128} />
      </AntForm.Item>
    </>
  );
}
