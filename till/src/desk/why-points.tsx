import { explain, explanationWords } from '@hongmi/sdk/explanation';
import { useFormat } from '@hongmi/ui/format.ts';
import { useLanguage, useWords, wordsOf } from '@hongmi/ui/language.ts';
import { USUAL_POINT_TYPE } from '@hongmi/ui/point-type.ts';
import { useQuery } from '@tanstack/react-query';
import { hongmi } from '../app/api.ts';
import { useTill } from '../app/till.ts';

const words = wordsOf({ zh: { why: '为什么是这些积分' }, en: { why: 'Why these points' } });

/** Which rules gave the points of an order, in words; while that is not known, nothing: the points stand above. */
export function WhyPoints({ orderId }: { readonly orderId: string }) {
  const t = useWords(words);
  const f = useFormat();
  const say = explanationWords(useLanguage());
  const { pointTypes } = useTill().shop;
  const scaleOf = (code = USUAL_POINT_TYPE): number => pointTypes[code]?.scale ?? 0;
  const { data } = useQuery({
    queryKey: ['why', orderId],
    queryFn: () => hongmi.explainOrder({ id: orderId }),
  });
  if (data === undefined) return null;
  const { rules, nothing } = explain(data, say, scaleOf);
  const fired = rules.filter((rule) => rule.fired);
  return (
    <section className="till-why" aria-label={t.why}>
      {nothing === null ? null : <p>{nothing}</p>}
      {fired.map(({ name, why, points, pointType, ruleVersionId }) => (
        <p key={ruleVersionId ?? 'ratio'}>
          <strong>{name}</strong>{' '}
          <span className="hm-number">{f.signed(points, scaleOf(pointType))}</span>
          <br />
          <span className="hm-soft">{why}</span>
        </p>
      ))}
    </section>
  );
}
