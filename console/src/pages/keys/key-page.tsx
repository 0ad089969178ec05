import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { useQuery } from '@tanstack/react-query';
import { Alert, Form as AntForm, Button, Select } from 'antd';
import { useState } from 'react';
import { Link } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { useMay, useSession } from '../../app/session.ts';
import { FailureAlert } from '../../design/failure-shown.tsx';
import { Form } from '../../design/form.tsx';
import { Loaded } from '../../design/loaded.tsx';
import { useAsk, useMessage } from '../../design/notices.tsx';
import { Card, Facts, Page } from '../../design/page.tsx';
import { Code, When } from '../../design/values.tsx';
import { Actor } from '../../design/who.tsx';
import { Reach, StateTag } from './key-shown.tsx';
import { type ApiKey, stateOf } from './key-state.ts';
import { ScopeList } from './scope-picker.tsx';
import { SecretShown } from './secret-shown.tsx';
import { words } from './words.ts';

/** A key: what it may, when it was used, and how it ends. */
export function KeyPage({ id }: { readonly id: string }) {
  const t = useWords(words);
  const may = useMay();
  const query = useQuery({
    queryKey: ['keys', 'one', id],
    queryFn: ({ signal }) => hongmi.getKey({ id }, { signal }),
  });
  return (
    <Page title={query.data?.name ?? t.title} above={<Link href="/">{t.title}</Link>}>
      <Loaded query={query}>
        {(apiKey) => (
          <>
            <Known apiKey={apiKey} />
            {may('keys:write') ? <Changes apiKey={apiKey} /> : null}
            <Card title={t.scopes}>
              <ScopeList scopes={apiKey.scopes} />
            </Card>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Known({ apiKey }: { readonly apiKey: ApiKey }) {
  const t = useWords(words);
  const may = useMay();
  const at = (when: string | null) => (when === null ? null : <When at={when} />);
  return (
    <Card>
      <Facts
        rows={[
          [t.state, <StateTag key="state" apiKey={apiKey} />],
          [t.reach, <Reach key="reach" apiKey={apiKey} />],
          ['ID', <Code key="id">{apiKey.id}</Code>],
          [t.created, at(apiKey.createdAt)],
          [t.expires, at(apiKey.expiresAt) ?? t.never],
          [t.used, at(apiKey.lastUsedAt) ?? t.notUsed],
          [t.rotated, at(apiKey.rotatedAt)],
          [t.previous, at(apiKey.previousUntil)],
          [t.revoked, at(apiKey.revokedAt)],
        ]}
      />
      {may('audit:read') ? (
        <Link href={`~/console/audit?actor=${apiKey.id}`}>
          {t.history} (<Actor id={apiKey.id} />)
        </Link>
      ) : null}
    </Card>
  );
}

const HOURS = [0, 1, 24, 72, 168] as const;

function Changes({ apiKey }: { readonly apiKey: ApiKey }) {
  const t = useWords(words);
  const f = useFormat();
  const ask = useAsk();
  const message = useMessage();
  const { scopes } = useSession();
  const [secret, setSecret] = useState<string | null>();
  const [form] = AntForm.useForm<{ overlapHours: number }>();
  const touches = [['keys']];
  const rotate = useWrite(
    ({ overlapHours }: { readonly overlapHours: number }, idempotencyKey) =>
      hongmi.rotateKey({ id: apiKey.id, overlapHours }, { idempotencyKey }),
    { touches, done: (made) => setSecret(made.secret) },
  );
  const revoke = useWrite(
    (id: string, idempotencyKey) => hongmi.revokeKey({ id }, { idempotencyKey }),
    { touches, done: () => void message.success(t.revoked) },
  );
  if (apiKey.root) return <Alert type="info" showIcon message={t.rootWhy} />;
  const state = stateOf(apiKey, Date.now());
  if (secret === undefined && (state === 'revoked' || state === 'expired')) return null;
  const own = new Set<string>(scopes);
  const lacks = apiKey.scopes.some((scope) => !own.has(scope));
  const askRevoke = async (): Promise<void> => {
    const isMeant = await ask({
      ...{ title: t.askRevoke, about: t.askRevokeWhy, yes: t.revoke, danger: true },
    });
    if (isMeant) await revoke.send(apiKey.id);
  };
  const shown = (hours: number): string => {
    if (hours === 0) return t.atOnce;
    return hours === 168 ? t.week : t.hours(f.number(hours));
  };
  const revokeButton = (
    <Button danger onClick={() => void askRevoke()} loading={revoke.isSending}>
      {t.revoke}
    </Button>
  );
  return (
    <>
      {secret === undefined ? null : (
        <SecretShown secret={secret} close={() => setSecret(undefined)} />
      )}
      <Card title={t.rotateTitle}>
        {lacks ? (
          <>
            <p className="hm-soft">{t.cannotRotate}</p>
            <div className="hm-actions">{revokeButton}</div>
          </>
        ) : (
          <>
            <p className="hm-soft">{t.rotateWhy}</p>
            <Form
              draft={undefined}
              form={form}
              initial={{ overlapHours: 24 }}
              onSubmit={rotate.send}
              isSending={rotate.isSending}
              failure={rotate.failure}
              submit={t.rotate}
              more={revokeButton}
            >
              <AntForm.Item name="overlapHours" label={t.overlap}>
                <Select options={HOURS.map((value) => ({ value, label: shown(value) }))} />
              </AntForm.Item>
            </Form>
          </>
        )}
        {revoke.failure === undefined ? null : <FailureAlert failure={revoke.failure} />}
      </Card>
    </>
  );
}
