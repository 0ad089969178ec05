import { useWords } from '@hongmi/ui/language.ts';
import { Form, Input } from 'antd';
import { itemWords } from './words.ts';

const { Item } = Form;

/** What a reward or a promotion is called, and how it is described. */
export function NameFields() {
  const t = useWords(itemWords);
  return (
    <>
      <Item name="nameZh" label={t.name} rules={[{ required: true, message: t.needed }]}>
        <Input maxLength={100} />
      </Item>
      <Item name="nameEn" label={t.nameEn}>
        <Input maxLength={100} />
      </Item>
      <Item name="descriptionZh" label={t.description}>
        <Input.TextArea rows={1} maxLength={2000} />
      </Item>
    </>
  );
}

/** What is chosen among, by its words. */
export const choicesOf = (words: Readonly<Record<string, string>>) =>
  Object.entries(words).map(([value, label]) => ({ value, label }));
