import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import type { QueryKey } from '@tanstack/react-query';
import { dropDraft } from '../design/draft.ts';
import { useMessage } from '../design/notices.tsx';
import type { Editor, Family, Written } from './family.ts';
import type { Published } from './version.ts';
import { itemWords } from './words.ts';

/** Writes what the next version of an item is to say, beginning with `base`. */
export function DraftEditor<Body extends object>({
  family,
  item: { id, programme, merchantId },
  base,
  editor: Editor,
  touches,
  close,
}: {
  readonly family: Family<Body>;
  readonly item: Published<Body>;
  readonly base: Body;
  readonly editor: Editor<Body>;
  readonly touches: readonly QueryKey[];
  readonly close: () => void;
}) {
  const t = useWords(itemWords);
  const message = useMessage();
  const draft = `${family.one}-${id}`;
  const leave = (): void => {
    dropDraft(draft);
    close();
  };
  const save = useWrite(
    ({ body }: Written<Body>, idempotencyKey) => family.saveDraft({ id, body }, { idempotencyKey }),
    {
      touches,
      done() {
        void message.success(t.saved);
        leave();
      },
    },
  );
  const check = useWrite(({ body }: Written<Body>, idempotencyKey) =>
    family.saveDraft({ id, body, dryRun: true }, { idempotencyKey }),
  );
  return (
    <Editor
      draft={draft}
      base={base}
      programme={programme}
      isOwners={() => merchantId !== null}
      save={save}
      check={check}
      onCancel={leave}
    />
  );
}
