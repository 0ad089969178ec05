import { useFilter } from '@hongmi/ui/address.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { laterPart } from '@hongmi/ui/later-part.tsx';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { Link } from 'wouter';
import { Card, Page } from '../../design/page.tsx';
import { words } from './look-up-words.ts';
import { type Receipt, receiptIn } from './receipt.ts';
import { ledgerWords } from './words.ts';

const Proven = laterPart(() => import('./proven.tsx'), 'Proven');

const TRANSACTION = /txn_[0-7][0-9a-hjkmnp-tv-z]{25}/;

export function LookUpPage() {
  const t = useWords(words);
  const w = useWords(ledgerWords);
  const [id, setId] = useFilter('transaction');
  const [typed, setTyped] = useState(id ?? '');
  const [isTold, setTold] = useState(false);
  const [receipt, setReceipt] = useState<Receipt>();
  return (
    <Page title={t.title} about={t.about} above={<Link href="/">{w.ledger}</Link>}>
      <Card>
        <form
          className="hm-stack"
          onSubmit={(event) => {
            event.preventDefault();
            const found = TRANSACTION.exec(typed)?.[0];
            setTold(found === undefined);
            setReceipt(receiptIn(typed));
            setId(found);
          }}
        >
          <label className="hm-stack" style={{ gap: 4 }}>
            <span className="hm-soft">{t.asked}</span>
            <Input.TextArea
              rows={3}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              autoComplete="off"
              spellCheck={false}
              status={isTold ? 'error' : ''}
            />
          </label>
          <div aria-live="polite">{isTold ? t.noId : null}</div>
          <div className="hm-actions">
            <Button type="primary" htmlType="submit">
              {t.look}
            </Button>
          </div>
        </form>
      </Card>
      {id === undefined || !TRANSACTION.test(id) ? null : (
        <Proven key={id} transaction={id} receipt={receipt} />
      )}
    </Page>
  );
}
