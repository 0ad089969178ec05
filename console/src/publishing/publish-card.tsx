import { useFormat } from '@hongmi/ui/format.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import type { Write } from '@hongmi/ui/write.ts';
import { Alert, Button, DatePicker, Radio } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import { useProgramme } from '../app/programme.tsx';
import { instantOfDay } from '../app/zone.ts';
import { useAsk } from '../design/ask.tsx';
import { FailureAlert } from '../design/failure-shown.tsx';
import { Card } from '../design/page.tsx';

const words = wordsOf({
  zh: {
    title: '发布草稿',
    about: (days: string) =>
      `对会员不比现在差的变更可以立即生效；更差的须至少提前 ${days} 天公告，期间会员按原条款。已发出的积分始终按发出时的条款。`,
    asap: '尽早生效（需要公告的，公告期满后生效）',
    on: '从某日起生效',
    day: '生效日',
    publish: '发布',
    drop: '放弃草稿',
    dropTitle: '放弃这份草稿？',
    dropAbout: '草稿会被删除；已发布的版本不受影响。',
    sure: '发布这个版本？',
    sureAbout: '发布后内容不能再改，只能再发布新版本。',
  },
  en: {
    title: 'Publish the draft',
    about: (days: string) =>
      `A change that is no worse for members may begin at once; one that is worse is announced at least ${days} days before, and until then members have the old terms. Points already issued always keep theirs.`,
    asap: 'As soon as possible (after the notice, where one is needed)',
    on: 'From a day on',
    day: 'First day',
    publish: 'Publish',
    drop: 'Discard draft',
    dropTitle: 'Discard this draft?',
    dropAbout: 'The draft is removed; what was published is not touched.',
    sure: 'Publish this version?',
    sureAbout: 'Once published it never changes; only another version follows it.',
  },
});

/** Publishes a draft, at once or from a day on, or discards it. */
export function PublishCard({
  publish,
  drop,
}: {
  readonly publish: Write<{ readonly from?: string }, unknown>;
  readonly drop: Write<null, unknown>;
}) {
  const t = useWords(words);
  const f = useFormat();
  const ask = useAsk();
  const programme = useProgramme();
  const [isLater, setLater] = useState(false);
  const [day, setDay] = useState<Dayjs | null>(null);
  const failure = publish.failure ?? drop.failure;

  async function send(): Promise<void> {
    if (!(await ask({ title: t.sure, about: t.sureAbout, yes: t.publish }))) return;
    const from =
      isLater && day !== null && programme !== undefined
        ? { from: instantOfDay(day.format('YYYY-MM-DD'), programme.timeZone) }
        : {};
    await publish.send(from);
  }

  return (
    <Card title={t.title}>
      <div className="hm-stack">
        <Alert type="info" showIcon title={t.about(f.number(programme?.ruleNoticeDays ?? 0))} />
        <Radio.Group
          value={isLater}
          onChange={({ target }) => setLater(target.value as boolean)}
          options={[
            { value: false, label: t.asap },
            { value: true, label: t.on },
          ]}
        />
        {isLater ? (
          <DatePicker aria-label={t.day} placeholder={t.day} value={day} onChange={setDay} />
        ) : null}
        {failure === undefined ? null : <FailureAlert failure={failure} />}
        <div className="hm-actions">
          <Button
            type="primary"
            loading={publish.isSending}
            disabled={isLater && day === null}
            onClick={() => void send()}
          >
            {t.publish}
          </Button>
          <Button
            danger
            loading={drop.isSending}
            onClick={() =>
              void ask({ title: t.dropTitle, about: t.dropAbout, yes: t.drop, danger: true }).then(
                (yes) => (yes ? drop.send(null) : undefined),
              )
            }
          >
            {t.drop}
          </Button>
        </div>
      </div>
    </Card>
  );
}
