import { useWords } from '@hongmi/ui/language.ts';
import { Button, Form, Input, Select } from 'antd';
import { Card } from '../../design/page.tsx';
import { words } from './words.ts';

const EXPRESSION_MAX = 1_000;

const SNIPPETS = {
  two: "order.lines.exists(l, l.zone == 'dress' && l.quantity >= 2)",
  tender: "order.tenders == ['green-bank-card']",
  evening: "order.channel == 'app' && time.hour >= 18",
  score: 'event.attributes.score >= 4',
} as const;

const NAMES = [
  'order.netFen  order.quantity  order.store  order.channel  order.tenders  order.lines',
  'l.sku  l.brand  l.category  l.zone  l.green  l.quantity  l.amountFen',
  'member.tier  member.creditBand  member.segments  member.joinedDays  member.birthday  member.birthMonth',
  'event.kind  event.attributes',
  'time.year  time.month  time.day  time.weekday  time.hour',
].join('\n');

/** The condition that the form cannot say, as text; the server checks it. */
export function ExpressionPanel({
  check,
  isChecking,
  isChecked,
}: {
  readonly check: () => void;
  readonly isChecking: boolean;
  /** The server found nothing wrong with what stands here now. */
  readonly isChecked: boolean;
}) {
  const t = useWords(words);
  const form = Form.useFormInstance();
  function insert(text: string): void {
    const before = String(form.getFieldValue('expression') ?? '').trim();
    form.setFieldValue('expression', before === '' ? text : `${before} && ${text}`);
  }
  return (
    <Card title={t.expression}>
      <p className="hm-soft">{t.expressionAbout}</p>
      <Form.Item name="expression" label={t.expression}>
        <Input.TextArea
          className="hm-expression"
          spellCheck={false}
          rows={4}
          maxLength={EXPRESSION_MAX}
        />
      </Form.Item>
      <div className="hm-filters">
        <label>
          {t.insert}
          <Select<keyof typeof SNIPPETS | null>
            value={null}
            placeholder={t.insert}
            onChange={(name) => name !== null && insert(SNIPPETS[name])}
            options={Object.keys(SNIPPETS).map((name) => ({
              value: name as keyof typeof SNIPPETS,
              label: t.snippets[name as keyof typeof SNIPPETS],
            }))}
            style={{ width: 220 }}
          />
        </label>
        <Button onClick={check} loading={isChecking}>
          {t.check}
        </Button>
      </div>
      <div role="status">{isChecked ? <p className="hm-soft">✓ {t.checked}</p> : null}</div>
      <details>
        <summary>{t.names}</summary>
        <pre className="hm-source hm-code">{NAMES}</pre>
      </details>
    </Card>
  );
}
