import { useWords } from '@hongmi/ui/language.ts';
import { Alert, Button } from 'antd';
import { Code, CopyButton } from '../../design/values.tsx';
import { words } from './words.ts';

/** A new secret, for as long as the page is open: it is kept nowhere. Null: its answer was lost on the way. */
export function SecretShown({
  secret,
  close,
}: {
  readonly secret: string | null;
  readonly close: () => void;
}) {
  const t = useWords(words);
  if (secret === null) return <Alert type="warning" showIcon message={t.secretGone} />;
  return (
    <Alert
      type="success"
      showIcon
      message={t.secretWhy}
      description={
        <div className="hm-actions">
          <span>
            <span className="hm-hidden">{t.secret}</span>
            <Code>{secret}</Code>
          </span>
          <CopyButton text={secret} />
          <Button size="small" type="primary" onClick={close}>
            {t.saved}
          </Button>
        </div>
      }
    />
  );
}
