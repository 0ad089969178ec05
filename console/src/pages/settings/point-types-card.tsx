import { useWords } from '@hongmi/ui/language.ts';
import { laterPart } from '@hongmi/ui/later-part.tsx';
import { Button } from 'antd';
import { useState } from 'react';
import type { Programme } from '../../app/programme.tsx';
import { useMay } from '../../app/session.ts';
import { Card } from '../../design/page.tsx';
import { PlainTable } from '../../design/table.tsx';
import { Code } from '../../design/values.tsx';
import { useExpiryShown } from './expiry-shown.ts';
import { words } from './words.ts';

const PointTypeForm = laterPart(() => import('./point-type-form.tsx'), 'PointTypeForm');

type PointType = Programme['pointTypes'][number];

/** What kinds of points a programme has, and when they end. */
export function PointTypesCard({ programme }: { readonly programme: Programme }) {
  const t = useWords(words);
  const may = useMay();
  const expiry = useExpiryShown();
  const mayWrite = may('programmes:write');
  const [edited, setEdited] = useState<PointType | 'new'>();
  return (
    <>
      {edited === undefined ? null : (
        <Card title={edited === 'new' ? t.addPointType : t.changePointType}>
          <PointTypeForm
            key={edited === 'new' ? '' : edited.code}
            programme={programme}
            pointType={edited === 'new' ? undefined : edited}
            close={() => setEdited(undefined)}
          />
        </Card>
      )}
      <Card
        title={t.pointTypes}
        flush
        actions={
          mayWrite && edited !== 'new' ? (
            <Button onClick={() => setEdited('new')}>{t.addPointType}</Button>
          ) : null
        }
      >
        <PlainTable<PointType>
          label={t.pointTypes}
          rows={programme.pointTypes}
          rowKey={({ code }) => code}
          exportAs="point-types"
          columns={[
            { key: 'name', title: t.name, render: ({ name }) => name, value: ({ name }) => name },
            {
              key: 'code',
              title: t.code,
              render: ({ code }) => <Code>{code}</Code>,
              value: ({ code }) => code,
            },
            {
              key: 'expiry',
              title: t.expiry,
              render: ({ expiryPolicy }) => expiry(expiryPolicy),
              value: ({ expiryPolicy }) => expiry(expiryPolicy),
            },
            {
              key: 'transferable',
              title: t.transferable,
              render: ({ transferable }) => (transferable ? t.on : t.off),
              value: ({ transferable }) => (transferable ? t.on : t.off),
            },
            {
              key: 'scale',
              title: t.scale,
              align: 'right',
              render: ({ scale }) => scale,
              value: ({ scale }) => scale,
            },
            ...(mayWrite
              ? [
                  {
                    key: 'change',
                    title: t.change,
                    render: (each: PointType) => (
                      <Button
                        size="small"
                        aria-label={`${t.change} ${each.name}`}
                        onClick={() => setEdited(each)}
                      >
                        {t.change}
                      </Button>
                    ),
                  },
                ]
              : []),
          ]}
        />
      </Card>
    </>
  );
}
