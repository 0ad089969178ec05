import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { FailureShown } from '@hongmi/ui/mobile/failure-shown.tsx';
import { useWrite } from '@hongmi/ui/write.ts';
import { Button, Dialog } from 'antd-mobile';
import { useEffect } from 'react';
import { hongmi } from '../../app/api.ts';
import { canPayHere, deviceFor, payAtOnce, payInWechat } from '../../app/wechat-pay.ts';
import { Card } from '../../design/page.tsx';
import { TOUCHED } from './query.ts';
import type { Redemption } from './standing.ts';
import { words } from './words.ts';

const SECOND_MS = 1_000;

/** What is to be paid, for how much longer, and the way out. That it was paid is heard of by asking again. */
export function PayingCard({
  id,
  redemption: { cash, deadline },
  now,
}: {
  readonly id: string;
  readonly redemption: Redemption;
  readonly now: number;
}) {
  const t = useWords(words);
  const f = useFormat();
  const giveUp = useWrite(
    (_: undefined, idempotencyKey) => hongmi.cancelRedemption({ id }, { idempotencyKey }),
    { touches: TOUCHED },
  );
  const device = canPayHere() ? deviceFor(id) : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is kept for a redemption stays the same
  useEffect(() => {
    if (device !== undefined) payAtOnce(id, device);
  }, [id]);
  const leftMs = deadline === undefined ? 0 : Math.max(0, Date.parse(deadline) - now);
  const ask = async (): Promise<void> => {
    const isSure = await Dialog.confirm({
      content: t.giveUpAsk,
      confirmText: t.giveUp,
      cancelText: t.stay,
    });
    if (isSure) await giveUp.send(undefined);
  };
  return (
    <Card title={t.toPay(f.money(cash?.askedFen ?? 0))}>
      <p className="hm-time-left hm-number" role="timer">
        {minutesAndSeconds(leftMs)}
      </p>
      <p className="hm-soft">{t.payHow}</p>
      {giveUp.failure === undefined ? null : <FailureShown failure={giveUp.failure} />}
      <div className="hm-actions">
        {device === undefined ? null : (
          <Button color="primary" onClick={() => payInWechat(device)}>
            {t.payNow}
          </Button>
        )}
        <Button loading={giveUp.isSending} onClick={() => void ask()}>
          {t.giveUp}
        </Button>
      </div>
    </Card>
  );
}

function minutesAndSeconds(ms: number): string {
  const seconds = Math.floor(ms / SECOND_MS);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
