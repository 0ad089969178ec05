import { useConnection } from '@hongmi/ui/connection.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { Button, Dialog } from 'antd-mobile';
import { useEffect, useRef, useState } from 'react';
import { dayIn } from '../app/clock.ts';
import { newKey, useEntries, useTill } from '../app/till.ts';
import { isPastUndoing, isUndone } from '../desk/sale.ts';
import type { Entry, Undoable } from '../queue/entry.ts';
import { WhyNot } from './why-not.tsx';

const words = wordsOf({
  zh: {
    undo: '撤销',
    ask: '撤销这一笔？',
    yes: '撤销',
    no: '保留',
    undone: '已撤销',
  },
  en: {
    undo: 'Undo',
    ask: 'Undo this one?',
    yes: 'Undo',
    no: 'Keep it',
    undone: 'Undone',
  },
});

const UNDOABLE: ReadonlySet<string> = new Set<Undoable>(['earn', 'offset', 'voucher']);

/** Takes back what was rung up by mistake, on its day. What was not told yet is told and then taken back, in that order. */
export function UndoButton({ entry, done }: { readonly entry: Entry; readonly done: () => void }) {
  const t = useWords(words);
  const till = useTill();
  const { isReachable } = useConnection();
  const entries = useEntries();
  const key = useRef(newKey());
  const [isBusy, setBusy] = useState(false);
  const [made, setMade] = useState<Entry>();
  useEffect(() => {
    if (made !== undefined) void till.acknowledge(made);
  }, [till, made]);
  const dayOf = dayIn(till.shop.timeZone);
  if (!UNDOABLE.has(entry.act.kind) || entry.state === 'refused') return null;
  if (made?.state === 'refused') return <WhyNot why={made.why} />;
  if (isUndone(entry.key, entries)) return <p className="hm-soft">{t.undone}</p>;
  if (dayOf(entry.at) !== dayOf(till.now()) || isPastUndoing(entry, entries)) return null;
  const undo = async (): Promise<void> => {
    const asked = { content: t.ask, confirmText: t.yes, cancelText: t.no, 'aria-label': t.undo };
    if (!(await Dialog.confirm(asked))) return;
    setBusy(true);
    try {
      const { whom, lane, shown } = entry;
      const act = { kind: 'undo', of: entry.key, what: entry.act.kind as Undoable } as const;
      const told = await till.book({
        key: key.current,
        act,
        whom,
        lane,
        shown,
        isOffline: !isReachable,
      });
      setMade(told);
      if (told.state !== 'refused') done();
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button block loading={isBusy} onClick={() => void undo()}>
      {t.undo}
    </Button>
  );
}
