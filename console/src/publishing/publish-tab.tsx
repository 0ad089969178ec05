import { Empty } from '@hongmi/ui/empty.tsx';
import { failureOf } from '@hongmi/ui/failure.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { laterPart } from '@hongmi/ui/later-part.tsx';
import { useWrite } from '@hongmi/ui/write.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Radio } from 'antd';
import { type ComponentType, useState } from 'react';
import { useLocation } from 'wouter';
import { useProgramme } from '../app/programme.tsx';
import { startOfDay } from '../app/zone.ts';
import { Loaded } from '../design/loaded.tsx';
import { useAsk, useMessage } from '../design/notices.tsx';
import { Card } from '../design/page.tsx';
import type { Family, Publication } from './family.ts';
import { PublicationRefused, PublicationShown, type Refused } from './publication-shown.tsx';
import type { Published, Version } from './version.ts';

const DayField = laterPart(() => import('../design/day-field.tsx'), 'DayField');

const words = wordsOf({
  zh: {
    title: '发布草稿',
    none: '没有草稿可发布',
    noneWhy: '已发布的内容不再改变。要改动，先起草新版本。',
    asap: '尽早生效',
    on: '从某日起生效',
    day: '生效日',
    publish: '发布',
    published: '已发布',
    drop: '放弃草稿',
    dropTitle: '放弃这份草稿？',
    dropAbout: '草稿会被删除；已发布的版本不受影响。',
    sure: '发布这个版本？',
    sureAbout: '发布后内容不能再改，只能再发布新版本。',
  },
  en: {
    title: 'Publish the draft',
    none: 'There is no draft to publish',
    noneWhy: 'What was published never changes. To change it, draft a new version.',
    asap: 'As soon as possible',
    on: 'From a day on',
    day: 'First day',
    publish: 'Publish',
    published: 'Published',
    drop: 'Discard draft',
    dropTitle: 'Discard this draft?',
    dropAbout: 'The draft is removed; what was published is not touched.',
    sure: 'Publish this version?',
    sureAbout: 'Once published it never changes; only another version follows it.',
  },
});

/** How a family proves by a simulation that a version is no worse for members. */
export interface Proof {
  readonly picker: ComponentType<{
    readonly id: string;
    readonly value: string | undefined;
    readonly change: (simulation: string | undefined) => void;
  }>;
  /** Why what was chosen proves nothing. */
  readonly flaw: ComponentType<Refused>;
}

interface Looks<Body extends object> {
  readonly item: Published<Body>;
  readonly family: Family<Body>;
  readonly reasons: Readonly<Record<string, string>>;
  readonly proof: Proof | undefined;
}

/** Publishes the draft: what that would do is shown before, and why it cannot be as early as wished. */
export function PublishTab<Body extends object>(looks: Looks<Body>) {
  const t = useWords(words);
  const { draft } = looks.item;
  if (draft === null) return <Empty title={t.none}>{t.noneWhy}</Empty>;
  return <PublishCard key={draft.id} {...looks} draft={draft} />;
}

function PublishCard<Body extends object>({
  item: { id },
  draft,
  family,
  reasons,
  proof,
}: Looks<Body> & { readonly draft: Version<Body> }) {
  const t = useWords(words);
  const ask = useAsk();
  const queries = useQueryClient();
  const message = useMessage();
  const [, navigate] = useLocation();
  const zone = useProgramme()?.timeZone ?? 'Asia/Shanghai';
  const [isLater, setLater] = useState(false);
  const [day, setDay] = useState<string>();
  const [simulation, setSimulation] = useState<string>();
  const asked: Publication = {
    ...(isLater && day !== undefined && { from: startOfDay(day, zone) }),
    ...(simulation !== undefined && { simulation }),
  };
  const own = [family.one, id];
  const list = [`${family.one}s`];
  const rehearsal = useQuery({
    // Apart from what publishing touches: of a draft that is gone nobody asks any more.
    queryKey: [`${family.one}-rehearsal`, id, draft.createdAt, draft.body, asked],
    queryFn: ({ signal }) => family.publish({ id, ...asked, dryRun: true }, { signal }),
    staleTime: 0,
    enabled: !isLater || day !== undefined,
  });
  const publish = useWrite(
    (told: Publication, idempotencyKey) => family.publish({ id, ...told }, { idempotencyKey }),
    { touches: [own, list], done: () => void message.success(t.published) },
  );
  const drop = useWrite((_: null, idempotencyKey) => family.dropDraft({ id }, { idempotencyKey }), {
    touches: [list],
    done({ removed }) {
      // What was never published went with its draft: nobody asks for it again.
      if (removed) navigate('/');
      else void queries.invalidateQueries({ queryKey: own });
    },
  });
  const rehearsed = rehearsal.error === null ? undefined : failureOf(rehearsal.error);
  // What is chosen now comes before what was sent.
  const failure = rehearsed ?? publish.failure ?? drop.failure;

  async function send(told: Publication): Promise<void> {
    if (await ask({ title: t.sure, about: t.sureAbout, yes: t.publish })) await publish.send(told);
  }
  async function askToDrop(): Promise<void> {
    const question = { title: t.dropTitle, about: t.dropAbout, yes: t.drop, danger: true };
    if (await ask(question)) await drop.send(null);
  }

  return (
    <Card title={t.title}>
      <div className="hm-stack">
        <Radio.Group
          value={isLater}
          onChange={({ target }) => setLater(target.value as boolean)}
          options={[
            { value: false, label: t.asap },
            { value: true, label: t.on },
          ]}
        />
        <div className="hm-filters">
          {isLater ? <DayField label={t.day} value={day} onChange={setDay} /> : null}
          {proof === undefined ? null : (
            <proof.picker id={id} value={simulation} change={setSimulation} />
          )}
        </div>
        {rehearsed === undefined ? (
          <Loaded query={rehearsal} rows={2}>
            {(preview) => (
              <PublicationShown preview={preview} draftId={draft.id} reasons={reasons} />
            )}
          </Loaded>
        ) : null}
        {failure === undefined ? null : (
          <PublicationRefused
            failure={failure}
            flaw={proof?.flaw}
            choose={(from) => void send({ ...asked, from })}
          />
        )}
        <div className="hm-actions">
          <Button
            type="primary"
            loading={publish.isSending}
            disabled={(isLater && day === undefined) || rehearsal.data === undefined}
            onClick={() => void send(asked)}
          >
            {t.publish}
          </Button>
          <Button danger loading={drop.isSending} onClick={() => void askToDrop()}>
            {t.drop}
          </Button>
        </div>
      </div>
    </Card>
  );
}
