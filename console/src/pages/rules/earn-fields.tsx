import { givesWords } from '@hongmi/ui/gives-in-words.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { Form, Input, Select } from 'antd';
import { TIMES } from './body-values.ts';
import { choices, NumberField, Section } from './fields.tsx';
import { listWords } from './list-words.ts';
import { words } from './words.ts';

/** What customers read, what the rule is about, and what it gives. */
export function EarnFields() {
  const t = useWords(words);
  const l = useWords(listWords);
  const g = useWords(givesWords);
  const needed = [{ required: true, message: t.needed }];
  const kind = Form.useWatch('earn');
  const usesRate = kind === 'base' || kind === 'extra';
  return (
    <>
      <div className="hm-columns hm-columns-narrow">
        <Form.Item name="name" label={t.name} extra={t.nameHint} rules={needed}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="on" label={l.on} rules={needed}>
          <Select options={choices(g.ons)} />
        </Form.Item>
      </div>
      <Form.Item name="description" label={t.description}>
        <Input.TextArea rows={2} maxLength={1000} />
      </Form.Item>
      <Section title={t.sectionEarn}>
        <Form.Item name="earn" label={t.earn} rules={needed}>
          <Select options={choices(t.earns)} />
        </Form.Item>
        {kind === 'times' ? (
          <Form.Item
            name="times"
            label={t.times}
            extra={t.timesHint}
            rules={[...needed, { pattern: TIMES, message: t.timesWrong }]}
          >
            <Input inputMode="decimal" />
          </Form.Item>
        ) : (
          <div className="hm-pair">
            <NumberField name="points" label={t.points} min={1} needed={t.needed} />
            {usesRate ? (
              <NumberField
                name="perYuan"
                label={t.perYuan}
                min={0.01}
                precision={2}
                needed={t.needed}
              />
            ) : (
              <Form.Item name="per" label={t.per} rules={needed}>
                <Select options={choices(t.pers)} />
              </Form.Item>
            )}
          </div>
        )}
      </Section>
    </>
  );
}
