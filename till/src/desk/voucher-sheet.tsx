import { useConnection } from '@hongmi/ui/connection.ts';
import { useFormat } from '@hongmi/ui/format.ts';
import { useLanguage, useWords, wordsOf } from '@hongmi/ui/language.ts';
import { Loaded } from '@hongmi/ui/mobile/loaded.tsx';
import { Notice } from '@hongmi/ui/mobile/notice.tsx';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd-mobile';
import { useState } from 'react';
import { hongmi } from '../app/api.ts';
import { newNumber, useTill } from '../app/till.ts';
import { GoButton } from './go-button.tsx';
import { readScanned } from './scanned.ts';
import type { Deal } from './use-deal.ts';

const words = wordsOf({
  zh: {
    code: '券码',
    hint: '扫券码，或输入券上的字符',
    check: '查看',
    wrong: '这不是券码。',
    go: '确认用券',
    off: (money: string) => `减 ${money}`,
    exchange: '换取券上所写的东西',
    rest: (money: string) => `还需付 ${money}`,
    offline: '断网：现在无法查验这张券',
    offlineWhy: '请看会员手机上的券面。若它已在别处用过，恢复网络后不能入账，损失由商家承担。',
  },
  en: {
    code: 'Code of the voucher',
    hint: 'Scan the voucher, or type its code',
    check: 'Look',
    wrong: 'This is no code of a voucher.',
    go: 'Use the voucher',
    off: (money: string) => `${money} off`,
    exchange: 'Exchanged for what it names',
    rest: (money: string) => `${money} left to pay`,
    offline: 'Offline: this voucher cannot be checked now',
    offlineWhy:
      'Look at it on the member’s phone. If it was used elsewhere it cannot be booked later, at the merchant’s loss.',
  },
});

/** A voucher: what it takes off the bill, then used. */
export function VoucherSheet({ deal }: { readonly deal: Deal }) {
  const [code, setCode] = useState(deal.scanned);
  return code === '' ? <AskCode found={setCode} /> : <Checked deal={deal} code={code} />;
}

function AskCode({ found }: { readonly found: (code: string) => void }) {
  const t = useWords(words);
  const [isWrong, setWrong] = useState(false);
  return (
    <form
      className="till-form"
      onSubmit={(event) => {
        event.preventDefault();
        const scanned = readScanned(String(new FormData(event.currentTarget).get('code') ?? ''));
        if (scanned?.kind === 'voucher') found(scanned.code);
        else setWrong(true);
      }}
    >
      <label>
        <span>{t.code}</span>
        <input name="code" placeholder={t.hint} autoComplete="off" spellCheck={false} />
      </label>
      {isWrong ? <Notice tone="bad" title={t.wrong} /> : null}
      <Button block type="submit" color="primary" size="large">
        {t.check}
      </Button>
    </form>
  );
}

function Checked({ deal, code }: { readonly deal: Deal; readonly code: string }) {
  const t = useWords(words);
  const f = useFormat();
  const language = useLanguage();
  const till = useTill();
  const { isReachable } = useConnection();
  const { amountFen: billFen } = deal;
  const { merchantId } = till.shop;
  const query = useQuery({
    queryKey: ['voucher', code, billFen],
    enabled: isReachable,
    staleTime: 0,
    gcTime: 0,
    networkMode: 'always',
    queryFn: () =>
      hongmi.checkVoucher({
        ...{ code, merchantId, billFen },
        ...(till.store === null ? {} : { store: till.store }),
      }),
  });
  const use = (
    <GoButton
      isBusy={deal.isBusy}
      go={() => void deal.book({ kind: 'voucher', code, billFen, useNo: newNumber('V', till) })}
    >
      {t.go}
    </GoButton>
  );
  if (!isReachable)
    return (
      <div className="till-stack">
        <Notice tone="warn" title={t.offline}>
          {t.offlineWhy}
        </Notice>
        {use}
      </div>
    );
  return (
    <Loaded query={query}>
      {({ voucher, offFen }) => (
        <div className="till-stack">
          <p className="till-figure">{voucher.name[language]}</p>
          <p className="till-figure hm-number">
            {voucher.form.form === 'exchange' ? t.exchange : t.off(f.money(offFen))}
          </p>
          {voucher.form.form === 'exchange' ? null : (
            <p className="hm-number">{t.rest(f.money(billFen - offFen))}</p>
          )}
          {use}
        </div>
      )}
    </Loaded>
  );
}
