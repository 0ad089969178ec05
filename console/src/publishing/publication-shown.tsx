import type { Failure } from '@hongmi/ui/failure.ts';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { Alert, Button } from 'antd';
import type { ComponentType } from 'react';
import { useProgramme } from '../app/programme.tsx';
import { FailureAlert } from '../design/failure-shown.tsx';
import type { Published } from './version.ts';
import './publishing.css';

const words = wordsOf({
  zh: {
    better: '对会员不比现在差：几秒后即可生效，不必公告。',
    worse: (days: string) => `不能证明对所有会员都不差：须提前 ${days} 天公告。`,
    proven: '由模拟证明对会员不差：不必公告。',
    counts: (at: string) => `现在发布，自 ${at} 起生效。`,
    because: '理由',
    tooEarly: '还不能从那一天开始',
    tooEarlyWhy: (days: string, earliest: string) =>
      `这个变更对会员可能更差，须让会员提前 ${days} 个整天知道。公布当天不算，所以最早从 ${earliest} 起。`,
    fromEarliest: (earliest: string) => `改从 ${earliest} 起发布`,
    past: '那个时间已经过去',
    pastWhy: '发布不能改变过去：已经发生的按当时的条款。',
  },
  en: {
    better: 'No worse for members than now: it may begin within seconds, without notice.',
    worse: (days: string) =>
      `Not proven to be no worse for every member: it is announced ${days} days before.`,
    proven: 'Proven by a simulation to be no worse: no notice is needed.',
    counts: (at: string) => `Published now, it counts from ${at}.`,
    because: 'Because',
    tooEarly: 'It cannot begin on that day yet',
    tooEarlyWhy: (days: string, earliest: string) =>
      `The change may be worse for members, so they are told ${days} whole days before. The day it is published does not count: ${earliest} is the earliest.`,
    fromEarliest: (earliest: string) => `Publish it from ${earliest}`,
    past: 'That time has passed',
    pastWhy: 'Nothing changes the past: what happened keeps the terms of its time.',
  },
});

/** What publishing would do: from when on it would count, and why not earlier. */
export function PublicationShown<Body>({
  preview,
  draftId,
  reasons,
}: {
  readonly preview: Published<Body>;
  readonly draftId: string;
  readonly reasons: Readonly<Record<string, string>>;
}) {
  const t = useWords(words);
  const f = useFormat();
  const zone = useProgramme()?.timeZone;
  const versions = [preview.current, ...preview.announced];
  const version = versions.find((each) => each?.id === draftId) ?? versions.at(-1);
  if (!version?.comparison || version.from === null) return null;
  const { verdict, reasons: found, provenBy } = version.comparison;
  const isProven = provenBy === 'simulation';
  const isWorse = verdict === 'worse' && !isProven;
  return (
    <Alert
      type={isWorse ? 'warning' : 'success'}
      showIcon
      title={isProven ? t.proven : isWorse ? t.worse(f.number(version.noticeDays ?? 0)) : t.better}
      description={
        <>
          <p>{t.counts(f.exact(version.from, zone))}</p>
          {found.length === 0 ? null : (
            <>
              <p>{t.because}</p>
              <ul className="hm-said">
                {found.map(({ path, reason, againstVersionId }) => (
                  <li key={`${path} ${reason} ${againstVersionId}`}>
                    {reasons[reason] ?? reason} <span className="hm-code hm-soft">{path}</span>
                  </li>
                ))}
              </ul>
            </>
          )}
        </>
      }
    />
  );
}

export interface Refused {
  readonly problem: (Failure & { readonly kind: 'refused' })['problem'];
}

/** Why it is refused, in words; of a day that is too early, with the earliest one. */
export function PublicationRefused({
  failure,
  flaw: Flaw,
  choose,
}: {
  readonly failure: Failure;
  readonly flaw: ComponentType<Refused> | undefined;
  readonly choose: (from: string) => void;
}) {
  const t = useWords(words);
  const f = useFormat();
  const zone = useProgramme()?.timeZone;
  if (failure.kind !== 'refused') return <FailureAlert failure={failure} />;
  const { code, problem } = failure;
  if (code === 'notice_needed' && typeof problem.earliest === 'string') {
    const { earliest, noticeDays } = problem;
    const at = f.day(earliest, zone);
    return (
      <Alert
        type="warning"
        showIcon
        title={t.tooEarly}
        description={t.tooEarlyWhy(String(noticeDays ?? ''), at)}
        action={<Button onClick={() => choose(earliest)}>{t.fromEarliest(at)}</Button>}
      />
    );
  }
  if (code.endsWith('_time_past'))
    return <Alert type="warning" showIcon title={t.past} description={t.pastWhy} />;
  if (code === 'simulation_proves_nothing' && Flaw !== undefined) return <Flaw problem={problem} />;
  return <FailureAlert failure={failure} />;
}
