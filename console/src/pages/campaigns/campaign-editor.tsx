import { useWords } from '@hongmi/ui/language.ts';
import { BodyForm } from '../../publishing/body-form.tsx';
import type { EditorProps } from '../../publishing/family.ts';
import { useTelling } from '../../publishing/problem-words.ts';
import { fieldOf } from './field-of.ts';
import { TermsFields } from './terms-fields.tsx';
import { type Terms, type TermsValues, termsOf, valuesOf } from './terms-values.ts';
import { words } from './words.ts';

export function CampaignEditor(props: EditorProps<Terms>) {
  const t = useWords(words);
  return (
    <BodyForm<Terms, TermsValues>
      {...props}
      initial={{ priceKind: 'ratio', percent: 80 }}
      valuesOf={valuesOf}
      bodyOf={termsOf}
      aboutJson={t.jsonAbout}
      telling={useTelling(fieldOf, t.parts)}
    >
      <TermsFields />
    </BodyForm>
  );
}
