import type { components } from '@hongmi/sdk';
import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { hongmi } from '../../app/api.ts';
import { useMay, useSession } from '../../app/session.ts';
import { FailureAlert } from '../../design/failure-shown.tsx';
import { Loaded } from '../../design/loaded.tsx';
import { useAsk, useMessage } from '../../design/notices.tsx';
import { Card } from '../../design/page.tsx';
import { SessionTable } from '../account/session-table.tsx';
import { InvitationLink } from './invitation-link.tsx';
import type { Staff } from './staff-page.tsx';
import { words } from './words.ts';

type Act = 'suspended' | 'active' | 'invitation' | 'reset' | 'unlock';

/** Lets somebody in or keeps them out: as far as whoever looks may. */
export function SecurityCard({ staff }: { readonly staff: Staff }) {
  const t = useWords(words);
  const may = useMay();
  const ask = useAsk();
  const message = useMessage();
  const isOwn = useSession().staff?.id === staff.id;
  const [made, setMade] = useState<components['schemas']['StaffInvited']>();
  const { id, name, state } = staff;
  const write = useWrite(
    async (
      act: Act,
      idempotencyKey,
    ): Promise<components['schemas']['StaffInvited'] | undefined> => {
      const options = { idempotencyKey };
      if (act === 'invitation') return await hongmi.inviteStaffAgain({ id }, options);
      if (act === 'reset') return await hongmi.resetStaff({ id }, options);
      if (act === 'unlock') await hongmi.unlockStaff({ id }, options);
      else await hongmi.changeStaff({ id, state: act }, options);
      return undefined;
    },
    {
      touches: [['staff'], ['staff-sessions', id]],
      done(invited, act) {
        setMade(invited);
        if (act === 'unlock') void message.success(t.unlocked);
      },
    },
  );
  async function askThen(act: Act, title: string, about: string, yes: string): Promise<void> {
    if (await ask({ title, about, yes, danger: true })) await write.send(act);
  }
  const isManager = may('staff:write') && !isOwn;
  const isSecurity = may('security:write') && !isOwn;
  if (!isManager && !isSecurity) return null;
  return (
    <Card title={t.security}>
      <p>{t.securityWhy}</p>
      <div className="hm-actions" style={{ marginBottom: 16 }}>
        {isManager && state === 'invited' ? (
          <Button loading={write.isSending} onClick={() => void write.send('invitation')}>
            {t.again}
          </Button>
        ) : null}
        {isManager && state === 'suspended' ? (
          <Button loading={write.isSending} onClick={() => void write.send('active')}>
            {t.resume}
          </Button>
        ) : null}
        {isManager && state !== 'suspended' ? (
          <Button
            danger
            loading={write.isSending}
            onClick={() =>
              void askThen('suspended', t.askSuspend(name), t.askSuspendWhy, t.suspend)
            }
          >
            {t.suspend}
          </Button>
        ) : null}
        {isSecurity && state !== 'suspended' ? (
          <>
            <Button loading={write.isSending} onClick={() => void write.send('unlock')}>
              {t.unlock}
            </Button>
            <Button
              danger
              loading={write.isSending}
              onClick={() => void askThen('reset', t.askReset(name), t.askResetWhy, t.reset)}
            >
              {t.reset}
            </Button>
          </>
        ) : null}
      </div>
      {write.failure === undefined ? null : <FailureAlert failure={write.failure} />}
      {made === undefined ? null : <InvitationLink made={made} />}
      {isSecurity ? <Sessions id={id} /> : null}
    </Card>
  );
}

function Sessions({ id }: { readonly id: string }) {
  const key = ['staff-sessions', id];
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => hongmi.listSessions({ staffId: id }, { signal }),
  });
  const end = useWrite(
    (asked: { readonly id: string }, idempotencyKey) =>
      hongmi.endSession(asked, { idempotencyKey }),
    { touches: [key] },
  );
  return (
    <>
      <Loaded query={query} rows={2}>
        {({ items }) =>
          items.length === 0 ? null : (
            <SessionTable
              items={items}
              isSending={end.isSending}
              end={(session) => void end.send({ id: session })}
            />
          )
        }
      </Loaded>
      {end.failure === undefined ? null : <FailureAlert failure={end.failure} />}
    </>
  );
}
