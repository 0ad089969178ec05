import { useWords } from '@hongmi/ui/language.ts';
import { useProgramme } from '../../app/programme.tsx';
import { useSession } from '../../app/session.ts';
import { BodyForm } from '../../publishing/body-form.tsx';
import type { EditorProps } from '../../publishing/family.ts';
import { useTelling } from '../../publishing/problem-words.ts';
import { fieldOf } from './field-of.ts';
import type { Terms } from './price.tsx';
import { TermsFields } from './terms-fields.tsx';
import { type TermsValues, termsOf, valuesOf } from './terms-values.ts';
import { words } from './words.ts';

export function RewardEditor(props: EditorProps<Terms>) {
  const t = useWords(words);
  const pointType = useProgramme()?.pointTypes[0]?.code ?? '';
  const { merchantId: own } = useSession();
  return (
    <BodyForm<Terms, TermsValues>
      {...props}
      initial={{
        kind: 'goods',
        prices: [{ pointType, points: 100, cashYuan: 0 }],
        merchants: own === null ? [] : [own],
        fulfilment: 'code',
        cancellation: 'before_use',
        returnDays: 7,
        qualityDays: 30,
        exchange: true,
      }}
      valuesOf={valuesOf}
      bodyOf={termsOf}
      aboutJson={t.jsonAbout}
      telling={useTelling(fieldOf, t.parts)}
    >
      <TermsFields />
    </BodyForm>
  );
}
