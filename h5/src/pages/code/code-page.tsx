import { MEMBER_CODE_STEP_MS, memberCodeAt } from '@hongmi/sdk/member-code';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { Loaded } from '@hongmi/ui/mobile/loaded.tsx';
import { useMemo } from 'react';
import { useNow } from '../../app/clock.ts';
import { type PhoneSecret, useSecretQuery } from '../../app/code-secret.ts';
import { useScreenOn } from '../../app/screen-on.ts';
import { CodeCard } from '../../design/code-card.tsx';
import { Page } from '../../design/page.tsx';
import { words } from './words.ts';
import './code.css';

/** Who one is, for a till: made on the phone, also without a network, and another one every half a minute. */
export default function CodePage() {
  const t = useWords(words);
  const query = useSecretQuery();
  useScreenOn();
  return (
    <Page title={t.title} about={t.about}>
      <Loaded query={query} rows={8}>
        {(secret) => <Code secret={secret} />}
      </Loaded>
      <p className="hm-soft">{t.bright}</p>
      <p className="hm-soft">{t.safe}</p>
    </Page>
  );
}

function Code({ secret }: { readonly secret: PhoneSecret }) {
  const t = useWords(words);
  const f = useFormat();
  const now = useNow() + secret.behindMs;
  const step = Math.floor(now / MEMBER_CODE_STEP_MS);
  const code = useMemo(() => memberCodeAt(secret, step * MEMBER_CODE_STEP_MS), [secret, step]);
  const leftMs = (step + 1) * MEMBER_CODE_STEP_MS - now;
  return (
    <CodeCard text={code} label={t.qr} groups={grouped(code)} groupsLabel={t.digits}>
      <p className="hm-code-left">
        <Ring share={leftMs / MEMBER_CODE_STEP_MS} />
        {t.next(f.number(Math.ceil(leftMs / 1_000)))}
      </p>
    </CodeCard>
  );
}

const TURN = 2 * Math.PI * 9;

function Ring({ share }: { readonly share: number }) {
  return (
    <svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true" focusable="false">
      <circle className="hm-ring" cx="11" cy="11" r="9" />
      <circle
        className="hm-ring-left"
        cx="11"
        cy="11"
        r="9"
        strokeDasharray={`${TURN * share} ${TURN}`}
        transform="rotate(-90 11 11)"
      />
    </svg>
  );
}

const GROUP = 4;

/** As it is said: four by four. */
function grouped(code: string): string[] {
  return Array.from({ length: Math.ceil(code.length / GROUP) }, (_, place) =>
    code.slice(place * GROUP, (place + 1) * GROUP),
  );
}
