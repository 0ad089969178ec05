import { useFormat } from '@hongmi/ui/format.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import type { QueryKey } from '@tanstack/react-query';
import type { ComponentType } from 'react';
import { useProgramme } from '../app/programme.tsx';
import { Card, Facts } from '../design/page.tsx';
import { When } from '../design/values.tsx';
import { Actor } from '../design/who.tsx';
import { DraftEditor } from './draft-editor.tsx';
import type { Editor, Family } from './family.ts';
import type { Published, Version } from './version.ts';
import { itemWords } from './words.ts';
import './publishing.css';

const words = wordsOf({
  zh: {
    current: '生效中的版本',
    announced: (at: string) => `已公告，自 ${at} 起`,
    retired: (day: string) => `将于 ${day} 停用`,
    draft: '草稿',
    version: '版本',
    publishedBy: '发布人',
    notice: '公告天数',
    json: '全部内容（JSON）',
  },
  en: {
    current: 'In force',
    announced: (at: string) => `Announced from ${at}`,
    retired: (day: string) => `Retired from ${day}`,
    draft: 'Draft',
    version: 'Version',
    publishedBy: 'Published by',
    notice: 'Days of notice',
    json: 'All of it (JSON)',
  },
});

type Shown<Body> = ComponentType<{ readonly body: Body }>;

/** What an item says: its draft, read or written, what holds, and what will. */
export function TermsTab<Body extends object>({
  item,
  family,
  shown,
  editor,
  isEditing,
  touches,
  close,
}: {
  readonly item: Published<Body>;
  readonly family: Family<Body>;
  readonly shown: Shown<Body>;
  readonly editor: Editor<Body>;
  readonly isEditing: boolean;
  readonly touches: readonly QueryKey[];
  readonly close: () => void;
}) {
  const t = useWords(words);
  const f = useFormat();
  const zone = useProgramme()?.timeZone;
  const { draft, current, announced } = item;
  const source = draft ?? current ?? announced[0];
  return (
    <div className="hm-stack">
      {isEditing && source !== undefined ? (
        <Card title={t.draft}>
          <DraftEditor base={source.body} {...{ family, item, editor, touches, close }} />
        </Card>
      ) : null}
      {draft !== null && !isEditing ? (
        <Card title={t.draft}>
          <VersionShown version={draft} shown={shown} />
        </Card>
      ) : null}
      {current === null ? null : (
        <Card
          title={
            current.retired && current.until !== null
              ? t.retired(f.day(current.until, zone))
              : t.current
          }
        >
          <VersionShown version={current} shown={shown} />
        </Card>
      )}
      {announced.map((each) => (
        <Card
          key={each.id}
          title={t.announced(each.from === null ? '' : f.instant(each.from, zone))}
        >
          <VersionShown version={each} shown={shown} />
        </Card>
      ))}
    </div>
  );
}

/** What a version says, since when, and who published it. */
function VersionShown<Body extends object>({
  version: { body, number, from, until, publishedBy, noticeDays },
  shown: Shown,
}: {
  readonly version: Version<Body>;
  readonly shown: Shown<Body>;
}) {
  const t = useWords(words);
  const i = useWords(itemWords);
  return (
    <div className="hm-stack">
      <div>
        <Shown body={body} />
      </div>
      <Facts
        rows={[
          [t.version, number],
          [i.from, from === null ? null : <When key="from" at={from} />],
          [i.until, until === null ? null : <When key="until" at={until} />],
          [t.publishedBy, publishedBy === null ? null : <Actor key="by" id={publishedBy} />],
          [t.notice, noticeDays || null],
        ]}
      />
      <details>
        <summary>{t.json}</summary>
        <pre className="hm-source hm-code">{JSON.stringify(body, null, 2)}</pre>
      </details>
    </div>
  );
}
