import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import type { QueryKey } from '@tanstack/react-query';
import { App } from 'antd';
import { hongmi } from '../../app/api.ts';
import { dropDraft } from '../../design/form.tsx';
import { type RuleBody, valuesOf } from './body-values.ts';
import { pageWords } from './page-words.ts';
import { RuleEditor } from './rule-editor.tsx';

/** Writes the next version of a rule. */
export function DraftForm({
  id,
  body,
  programme,
  isOwners,
  touches,
  close,
}: {
  readonly id: string;
  readonly body: RuleBody;
  readonly programme: string;
  readonly isOwners: boolean;
  readonly touches: readonly QueryKey[];
  readonly close: () => void;
}) {
  const p = useWords(pageWords);
  const { message } = App.useApp();
  const draft = `rule-${id}`;
  const save = useWrite(
    (asked: RuleBody, idempotencyKey) =>
      hongmi.saveRuleDraft({ id, body: asked }, { idempotencyKey }),
    {
      touches,
      done() {
        dropDraft(draft);
        void message.success(p.saved);
        close();
      },
    },
  );
  const check = useWrite((asked: { readonly body: RuleBody }, idempotencyKey) =>
    hongmi.saveRuleDraft({ id, body: asked.body, dryRun: true }, { idempotencyKey }),
  );
  return (
    <RuleEditor
      draft={draft}
      programme={programme}
      initial={valuesOf(body)}
      isOwners={() => isOwners}
      onSubmit={(asked) => void save.send(asked)}
      isSending={save.isSending}
      failure={save.failure}
      check={check}
      onCancel={() => {
        dropDraft(draft);
        close();
      }}
    />
  );
}
