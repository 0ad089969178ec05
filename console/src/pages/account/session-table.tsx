import type { components } from '@hongmi/sdk';
import { deviceOf } from '@hongmi/ui/device.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { Button } from 'antd';
import { PlainTable } from '../../design/table.tsx';
import { Tag } from '../../design/tag.tsx';
import { Code, None, When } from '../../design/values.tsx';
import { words } from './words.ts';

type Session = components['schemas']['Session'];

/** Open sessions of somebody; `end` where they may be ended. */
export function SessionTable({
  items,
  end,
  isSending,
}: {
  readonly items: readonly Session[];
  readonly end: ((id: string) => void) | undefined;
  readonly isSending: boolean;
}) {
  const t = useWords(words);
  return (
    <PlainTable<Session>
      label={t.sessions}
      rows={items}
      rowKey={({ id }) => id}
      columns={[
        {
          key: 'device',
          title: t.device,
          render: ({ userAgent, current }) => (
            <>
              {deviceOf(userAgent) ?? t.unknown} {current ? <Tag tone="good">{t.here}</Tag> : null}
            </>
          ),
        },
        {
          key: 'address',
          title: t.address,
          render: ({ address }) => (address === null ? <None /> : <Code>{address}</Code>),
        },
        {
          key: 'signedIn',
          title: t.signedIn,
          render: ({ signedInAt }) => <When at={signedInAt} />,
        },
        { key: 'seen', title: t.seen, render: ({ seenAt }) => <When at={seenAt} /> },
        {
          key: 'end',
          title: '',
          render: ({ id, current }) =>
            current || end === undefined ? null : (
              <Button size="small" loading={isSending} onClick={() => end(id)}>
                {t.end}
              </Button>
            ),
        },
      ]}
    />
  );
}
