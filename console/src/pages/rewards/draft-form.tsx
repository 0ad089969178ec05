import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import type { QueryKey } from '@tanstack/react-query';
import { App } from 'antd';
import { hongmi } from '../../app/api.ts';
import { dropDraft } from '../../design/form.tsx';
import { BodyForm } from '../../publishing/body-form.tsx';
import type { Terms } from './price.tsx';
import { TermsFields } from './terms-fields.tsx';
import { type TermsValues, termsOf, valuesOf } from './terms-values.ts';
import { words } from './words.ts';

/** Writes what the next version of a reward is to say. */
export function DraftForm({
  id,
  terms,
  touches,
  close,
}: {
  readonly id: string;
  readonly terms: Terms;
  readonly touches: readonly QueryKey[];
  readonly close: () => void;
}) {
  const t = useWords(words);
  const { message } = App.useApp();
  const draft = `reward-${id}`;
  const save = useWrite(
    (body: Terms, idempotencyKey) => hongmi.saveRewardDraft({ id, body }, { idempotencyKey }),
    {
      touches,
      done() {
        dropDraft(draft);
        void message.success(t.saved);
        close();
      },
    },
  );
  return (
    <BodyForm<Terms, TermsValues>
      draft={draft}
      initial={valuesOf(terms)}
      base={terms}
      valuesOf={valuesOf}
      bodyOf={termsOf}
      aboutJson={t.jsonAbout}
      onSubmit={(body) => void save.send(body)}
      isSending={save.isSending}
      failure={save.failure}
      onCancel={close}
    >
      <TermsFields />
    </BodyForm>
  );
}
