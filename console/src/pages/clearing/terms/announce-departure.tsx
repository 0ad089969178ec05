import { useWords } from '@hongmi/ui/language.ts';
import { instantOf } from '@hongmi/ui/wall-time.ts';
import { Form as AntForm, Input } from 'antd';
import { hongmi } from '../../../app/api.ts';
import { useProgramme } from '../../../app/programme.tsx';
import { DialogForm } from '../../../design/dialog-form.tsx';
import { MerchantSelect } from '../../../design/merchant-select.tsx';
import { useMe } from '../me.ts';
import { words } from './words.ts';

interface Typed {
  readonly merchantId: string;
  readonly at?: string;
  readonly reason: string;
}
const DRAFT = 'departure';

/** Says that a merchant leaves, and from when on. */
export function AnnounceDeparture({ onClose }: { readonly onClose: () => void }) {
  const t = useWords(words);
  const programme = useProgramme();
  const { name: actor } = useMe();
  const needed = [{ required: true, whitespace: true, message: t.needed }];
  return (
    <DialogForm
      draft={DRAFT}
      submit={t.leave}
      send={({ merchantId, at, reason }: Typed, idempotencyKey) => {
        const instant = at ? instantOf(at, programme?.timeZone ?? 'UTC') : undefined;
        return hongmi.announceDeparture(
          { programme: programme?.code, merchantId, at: instant, reason, actor },
          { idempotencyKey },
        );
      }}
      touches={[['departures'], ['prices']]}
      onClose={onClose}
    >
      <p className="hm-soft">{t.departuresAbout}</p>
      <AntForm.Item name="merchantId" label={t.only} rules={needed}>
        <MerchantSelect />
      </AntForm.Item>
      <AntForm.Item name="at" label={t.leaveAt} extra={t.startsHint}>
        <Input type="datetime-local" />
      </AntForm.Item>
      <AntForm.Item name="reason" label={t.reason} rules={needed}>
        <Input.TextArea rows={3} maxLength={500} />
      </AntForm.Item>
    </DialogForm>
  );
}
