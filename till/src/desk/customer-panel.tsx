import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { Button } from 'antd-mobile';
import { ScanningOutline } from 'antd-mobile-icons';
import { useTill } from '../app/till.ts';
import type { Customer } from './customer.ts';
import type { Deal } from './use-deal.ts';
import { words } from './words.ts';

/** Who stands at the till, or the field that asks. Hand scanners type without it. */
export function CustomerPanel({ deal }: { readonly deal: Deal }) {
  const { customer } = deal;
  return customer === undefined ? (
    <ScanField deal={deal} />
  ) : (
    <Known customer={customer} clear={() => deal.next()} />
  );
}

function ScanField({ deal }: { readonly deal: Deal }) {
  const t = useWords(words);
  return (
    <form
      className="till-scan"
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        const text = String(new FormData(form).get('code') ?? '');
        if (text.trim() !== '') deal.scan(text);
        form.reset();
      }}
    >
      <label>
        <span className="hm-hidden">{t.scan}</span>
        <input
          name="code"
          placeholder={t.scanHint}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          enterKeyHint="search"
        />
      </label>
      <Button type="submit">{t.find}</Button>
      <Button aria-label={t.camera} onClick={() => deal.open('camera')}>
        <ScanningOutline />
      </Button>
    </form>
  );
}

/** Of several types of points those that there are; of nothing at all the first. */
function worthSaying(available: Readonly<Record<string, number>>): [string, number][] {
  const all = Object.entries(available);
  const some = all.filter(([, points]) => points > 0);
  return some.length > 0 ? some : all.slice(0, 1);
}

function Known({ customer, clear }: { readonly customer: Customer; readonly clear: () => void }) {
  const t = useWords(words);
  const f = useFormat();
  const { shop } = useTill();
  const { name = t.unnamed, shown, available } = customer;
  return (
    <div className="till-customer" aria-live="polite">
      <div>
        <strong>{name}</strong> <span className="hm-soft hm-number">{shown}</span>
        {available === undefined ? (
          <p className="till-warn">{t.unasked}</p>
        ) : (
          worthSaying(available).map(([code, points]) => {
            const { name: typeName = code, scale } = shop.pointTypes[code] ?? {};
            return (
              <p key={code} className="hm-number">
                {t.available(f.points(points, scale), typeName)}
              </p>
            );
          })
        )}
      </div>
      <Button size="small" onClick={clear}>
        {t.clear}
      </Button>
    </div>
  );
}
