import type { Item, Output } from '@hongmi/sdk';
import { useFormat } from '@hongmi/ui/format.ts';
import { useLanguage, useWords } from '@hongmi/ui/language.ts';
import { FailureShown } from '@hongmi/ui/mobile/failure-shown.tsx';
import { useWrite } from '@hongmi/ui/write.ts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { hongmi, ME } from '../../app/api.ts';
import { useProgramme } from '../../app/programme.ts';
import { Card } from '../../design/page.tsx';
import { Toggle } from '../../design/toggle.tsx';
import { words } from './words.ts';

type Notice = Item<'listNotices'>;
type Consent = Output<'listConsents'>['items'][number];
type Purpose = Parameters<typeof hongmi.giveConsent>[0]['purpose'];

const CONSENTS = ['consents'];
const CHANNEL = 'web';

/** What members are told of each purpose now, and what the member said to it. */
export function useConsentsQuery() {
  return useQuery({
    queryKey: CONSENTS,
    queryFn: async ({ signal }) => {
      const notices: Notice[] = [];
      const consents = hongmi.listConsents(ME, { signal });
      for await (const each of hongmi.pages('listNotices')) if (each.inForce) notices.push(each);
      return { notices, consents: await consents };
    },
  });
}

/** A purpose by itself, with all that was said about it, and as easily off as on. */
export function PurposeCard({
  notice,
  consent,
  isChild,
}: {
  readonly notice: Notice;
  readonly consent: Consent | undefined;
  readonly isChild: boolean;
}) {
  const t = useWords(words);
  const { purpose, version } = notice;
  const text = notice[useLanguage()];
  const isOn = consent?.counts === true;
  const [asked, setAsked] = useState(isOn);
  const write = useWrite(
    (on: boolean, idempotencyKey): Promise<unknown> => {
      const asked = { ...ME, purpose: purpose as Purpose, channel: CHANNEL } as const;
      return on
        ? hongmi.giveConsent({ ...asked, version }, { idempotencyKey })
        : hongmi.withdrawConsent(asked, { idempotencyKey });
    },
    { touches: [CONSENTS, ['offers'], ['member-offers']] },
  );
  return (
    <Card>
      <div className="hm-switch-row">
        <span>
          <strong>{t.purposes[purpose]}</strong>
          <span className="hm-row-about">
            <Since consent={consent} />
          </span>
        </span>
        <Toggle
          label={t.purposes[purpose]}
          // Follows the finger at once; what was refused goes back.
          checked={write.failure === undefined ? asked : isOn}
          disabled={isChild && !isOn}
          onChange={(on) => {
            setAsked(on);
            void write.send(on);
          }}
        />
      </div>
      {isChild ? <p className="hm-soft">{t.guardian}</p> : null}
      {write.failure === undefined ? null : <FailureShown failure={write.failure} />}
      <details>
        <summary>{t.read}</summary>
        <div className="hm-stack">
          {text.map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
        </div>
      </details>
    </Card>
  );
}

function Since({ consent }: { readonly consent: Consent | undefined }) {
  const t = useWords(words);
  const f = useFormat();
  const zone = useProgramme()?.timeZone;
  if (consent === undefined) return t.never;
  const when = f.day(consent.changedAt, zone);
  if (consent.state !== 'given') return consent.state === 'withdrawn' ? t.off(when) : t.never;
  return consent.counts ? t.on(when) : t.renewed;
}
