import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { FailureShown } from '@hongmi/ui/mobile/failure-shown.tsx';
import { Loaded } from '@hongmi/ui/mobile/loaded.tsx';
import { useWrite } from '@hongmi/ui/write.ts';
import { Button, Toast } from 'antd-mobile';
import { useId, useState } from 'react';
import { useLocation } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { goBackOr } from '../../app/history.ts';
import { Card, Page } from '../../design/page.tsx';
import { TOUCHED, useRedemption } from './query.ts';
import { words } from './words.ts';

interface Recipient {
  readonly name: string;
  readonly phone: string;
  readonly region: string;
  readonly address: string;
}

/** To whom it goes instead, of all that is still to be sent. */
export function RecipientPage({ id }: { readonly id: string }) {
  const t = useWords(words);
  const query = useRedemption(id);
  return (
    <Page title={t.redirect} up={`~/m/redemptions/${id}`}>
      <Loaded query={query} rows={8}>
        {({ particulars, delivery, sentAgain = [] }) => {
          const isToSend = [delivery, ...sentAgain].some((each) => each?.state === 'to_send');
          if (particulars?.kind !== 'delivery' || !isToSend)
            return <Empty title={t.redirectGone} />;
          // What goes last is what can still be changed.
          const last = sentAgain.at(-1) ?? particulars;
          return <Form id={id} before={{ ...BLANK, ...last.recipient, region: last.region }} />;
        }}
      </Loaded>
    </Page>
  );
}

const BLANK = { name: '', phone: '', address: '' };

function Form({ id, before }: { readonly id: string; readonly before: Recipient }) {
  const t = useWords(words);
  const [, navigate] = useLocation();
  const [to, setTo] = useState(before);
  const save = useWrite((told: Recipient) => hongmi.redirectDelivery({ id, ...told }), {
    touches: TOUCHED,
    done: () => {
      Toast.show({ content: t.saved });
      goBackOr(() => navigate(`~/m/redemptions/${id}`, { replace: true }));
    },
  });
  const field = (name: keyof Recipient) => ({
    value: to[name],
    onChange: (value: string) => setTo({ ...to, [name]: value }),
  });
  return (
    <Card>
      <form
        className="hm-form"
        onSubmit={(event) => {
          event.preventDefault();
          void save.send(to);
        }}
      >
        <Field label={t.name} autoComplete="name" maxLength={100} {...field('name')} />
        <Field
          {...{ label: t.phone, type: 'tel', autoComplete: 'tel' }}
          {...{ pattern: '\\+?[0-9][0-9 \\-]{3,24}', ...field('phone') }}
        />
        <Field
          {...{ label: t.region, inputMode: 'numeric', maxLength: 6, pattern: '\\d{6}' }}
          {...field('region')}
        />
        <Field
          label={t.address}
          autoComplete="street-address"
          maxLength={300}
          {...field('address')}
        />
        <p className="hm-soft">{t.redirectNote}</p>
        {save.failure === undefined ? null : <FailureShown failure={save.failure} />}
        <Button block type="submit" color="primary" size="large" loading={save.isSending}>
          {t.save}
        </Button>
      </form>
    </Card>
  );
}

function Field({
  label,
  value,
  onChange,
  ...rest
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly type?: string;
  readonly autoComplete?: string;
  readonly inputMode?: 'numeric';
  readonly maxLength?: number;
  readonly pattern?: string;
}) {
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        required
        value={value}
        onChange={({ target }) => onChange(target.value)}
        {...rest}
      />
    </>
  );
}
