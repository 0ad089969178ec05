import { useWords } from '@hongmi/ui/language.ts';
import { laterPart } from '@hongmi/ui/later-part.tsx';
import { Button } from 'antd';
import { useState } from 'react';
import { type Programme, useProgramme } from '../../app/programme.tsx';
import { useMay, useSession } from '../../app/session.ts';
import { Card, Facts, Page } from '../../design/page.tsx';
import { Skeleton } from '../../design/skeleton.tsx';
import { Code, When } from '../../design/values.tsx';
import { HistoryCard } from './history-card.tsx';
import { PointTypesCard } from './point-types-card.tsx';
import { SETTINGS, useSettingShown } from './setting-shown.ts';
import { TiersCard } from './tiers-card.tsx';
import { words } from './words.ts';

const SettingsForm = laterPart(() => import('./settings-form.tsx'), 'SettingsForm');
const MessagesCard = laterPart(() => import('./messages-card.tsx'), 'MessagesCard');

export function SettingsPage() {
  const t = useWords(words);
  const may = useMay();
  const session = useSession();
  const programme = useProgramme();
  return (
    <Page title={t.title} about={t.about}>
      {programme === undefined ? (
        <Skeleton />
      ) : (
        <>
          <Settings programme={programme} />
          <PointTypesCard programme={programme} />
          {may('messages:read') && session.programme === null ? (
            <MessagesCard programme={programme} />
          ) : null}
          <TiersCard programme={programme} />
          <HistoryCard programme={programme} />
        </>
      )}
    </Page>
  );
}

function Settings({ programme }: { readonly programme: Programme }) {
  const t = useWords(words);
  const may = useMay();
  const shown = useSettingShown();
  const [isChanging, setChanging] = useState(false);
  const { announced } = programme;
  return (
    <>
      <Card
        title={t.settings}
        actions={
          may('programmes:write') && !isChanging ? (
            <Button onClick={() => setChanging(true)}>{t.change}</Button>
          ) : null
        }
      >
        {isChanging ? (
          <SettingsForm programme={programme} close={() => setChanging(false)} />
        ) : (
          <Facts
            rows={[
              [t.name, programme.name],
              [t.code, <Code key="code">{programme.code}</Code>],
              [t.timeZone, programme.timeZone],
              [t.sandboxNow, programme.sandbox ? <When key="now" at={programme.now} /> : undefined],
              ...SETTINGS.map((name) => [t.names[name], shown(name, programme)] as const),
              [
                t.names.conversions,
                programme.conversions.length === 0 ? null : shown('conversions', programme),
              ],
            ]}
          />
        )}
      </Card>
      {announced.length === 0 ? null : (
        <Card title={t.announced}>
          <Facts
            rows={announced.flatMap(({ from, after }) =>
              (Object.keys(after) as (keyof typeof after)[]).map(
                (name) =>
                  [
                    t.names[name],
                    <span key={name}>
                      {shown(name, after)} · <When at={from} />
                    </span>,
                  ] as const,
              ),
            )}
          />
        </Card>
      )}
    </>
  );
}
