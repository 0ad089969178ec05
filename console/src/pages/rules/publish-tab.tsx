import type { Preview } from '@hongmi/sdk';
import { Empty } from '@hongmi/ui/empty.tsx';
import { type Failure, failureOf } from '@hongmi/ui/failure.ts';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { type QueryKey, useQuery } from '@tanstack/react-query';
import { Alert, App, Button, DatePicker, Radio, Select } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { hongmi } from '../../app/api.ts';
import { useProgramme } from '../../app/programme.tsx';
import { instantOfDay } from '../../app/zone.ts';
import { useAsk } from '../../design/ask.tsx';
import { FailureAlert } from '../../design/failure-shown.tsx';
import { Loaded } from '../../design/loaded.tsx';
import { Card } from '../../design/page.tsx';
import { pageWords } from './page-words.ts';
import type { Rule, RuleVersion } from './rule.ts';
import { keptSimulation } from './simulations-kept.ts';

interface Asked {
  readonly from?: string;
  readonly simulation?: string;
}

/** Publishes the draft: what that would do is shown before, and why it cannot be as early as wished. */
export function PublishTab({
  rule,
  touches,
}: {
  readonly rule: Rule;
  readonly touches: readonly QueryKey[];
}) {
  const p = useWords(pageWords);
  if (rule.draft === null) return <Empty title={p.noDraft}>{p.noDraftWhy}</Empty>;
  return <PublishCard key={rule.draft.id} rule={rule} draft={rule.draft} touches={touches} />;
}

function PublishCard({
  rule: { id },
  draft,
  touches,
}: {
  readonly rule: Rule;
  readonly draft: RuleVersion;
  readonly touches: readonly QueryKey[];
}) {
  const p = useWords(pageWords);
  const ask = useAsk();
  const { message } = App.useApp();
  const zone = useProgramme()?.timeZone ?? 'Asia/Shanghai';
  const [isLater, setLater] = useState(false);
  const [day, setDay] = useState<string>();
  const [simulation, setSimulation] = useState<string>();
  const asked: Asked = {
    ...(isLater && day !== undefined ? { from: instantOfDay(day, zone) } : {}),
    ...(simulation === undefined ? {} : { simulation }),
  };
  const rehearsal = useQuery({
    // Apart from what publishing touches: of a draft that is gone nobody asks any more.
    queryKey: ['rule-rehearsal', id, draft.createdAt, draft.body, asked],
    queryFn: ({ signal }) => hongmi.publishRule({ id, ...asked, dryRun: true }, { signal }),
    staleTime: 0,
    enabled: !isLater || day !== undefined,
  });
  const publish = useWrite(
    (told: Asked, idempotencyKey) => hongmi.publishRule({ id, ...told }, { idempotencyKey }),
    { touches, done: () => void message.success(p.published) },
  );
  const drop = useWrite(
    (_: null, idempotencyKey) => hongmi.dropRuleDraft({ id }, { idempotencyKey }),
    { touches },
  );
  const refusal = rehearsal.error === null ? undefined : failureOf(rehearsal.error);
  const failure = publish.failure ?? drop.failure;

  async function send(told: Asked): Promise<void> {
    if (await ask({ title: p.sure, about: p.sureAbout, yes: p.publish })) await publish.send(told);
  }
  async function askToDrop(): Promise<void> {
    const question = { title: p.dropTitle, about: p.dropAbout, yes: p.drop, danger: true };
    if (await ask(question)) await drop.send(null);
  }

  return (
    <Card title={p.publishTitle}>
      <div className="hm-stack">
        <Radio.Group
          value={isLater}
          onChange={({ target }) => setLater(target.value as boolean)}
          options={[
            { value: false, label: p.asap },
            { value: true, label: p.on },
          ]}
        />
        <div className="hm-filters">
          {isLater ? (
            <label>
              {p.day}
              <DatePicker
                value={day === undefined ? null : dayjs(day)}
                onChange={(value) => setDay(value?.format('YYYY-MM-DD'))}
              />
            </label>
          ) : null}
          <ProofPicker ruleId={id} value={simulation} change={setSimulation} />
        </div>
        {refusal === undefined ? (
          <Loaded query={rehearsal} rows={2}>
            {(preview) => <WouldBe preview={preview} draftId={draft.id} />}
          </Loaded>
        ) : (
          <RefusalSaid failure={refusal} choose={(from) => void send({ ...asked, from })} />
        )}
        {failure === undefined ? null : (
          <RefusalSaid failure={failure} choose={(from) => void send({ ...asked, from })} />
        )}
        <div className="hm-actions">
          <Button
            type="primary"
            loading={publish.isSending}
            disabled={(isLater && day === undefined) || rehearsal.data === undefined}
            onClick={() => void send(asked)}
          >
            {p.publish}
          </Button>
          <Button danger loading={drop.isSending} onClick={() => void askToDrop()}>
            {p.drop}
          </Button>
        </div>
      </div>
    </Card>
  );
}

/** Offers the simulation of this rule that was last looked at here, once it is done. */
function ProofPicker({
  ruleId,
  value,
  change,
}: {
  readonly ruleId: string;
  readonly value: string | undefined;
  readonly change: (id: string | undefined) => void;
}) {
  const p = useWords(pageWords);
  const f = useFormat();
  const kept = keptSimulation(ruleId);
  const { data } = useQuery({
    queryKey: ['simulation', kept],
    queryFn: ({ signal }) => hongmi.getSimulation({ id: kept ?? '' }, { signal }),
    enabled: kept !== undefined,
  });
  if (data?.state !== 'done') return null;
  return (
    <label>
      {p.proof}
      <Select
        value={value ?? null}
        onChange={(id) => change(id ?? undefined)}
        options={[
          { value: null, label: p.noProof },
          { value: data.id, label: `${f.day(data.from)} – ${f.day(data.until)}` },
        ]}
        style={{ width: 280 }}
      />
    </label>
  );
}

/** What publishing would do: from when on it would count, and why not earlier. */
function WouldBe({
  preview,
  draftId,
}: {
  readonly preview: Preview<'publishRule'>;
  readonly draftId: string;
}) {
  const p = useWords(pageWords);
  const f = useFormat();
  const zone = useProgramme()?.timeZone;
  const versions = [preview.current, ...preview.announced];
  const version = versions.find((each) => each?.id === draftId) ?? versions.at(-1);
  if (!version?.comparison || version.from === null) return null;
  const { verdict, reasons, provenBy } = version.comparison;
  const said =
    provenBy === 'simulation'
      ? p.proven
      : verdict === 'worse'
        ? p.worse(String(version.noticeDays ?? 0))
        : p.better;
  return (
    <Alert
      type={verdict === 'worse' && provenBy === null ? 'warning' : 'success'}
      showIcon
      title={said}
      description={
        <>
          <p>{p.counts(f.exact(version.from, zone))}</p>
          {reasons.length === 0 ? null : <Reasons reasons={reasons} />}
        </>
      }
    />
  );
}

function Reasons({
  reasons,
}: {
  readonly reasons: NonNullable<RuleVersion['comparison']>['reasons'];
}) {
  const p = useWords(pageWords);
  return (
    <>
      <p>{p.because}</p>
      <ul className="hm-said">
        {reasons.map(({ path, reason, againstVersionId }) => (
          <li key={`${path} ${reason} ${againstVersionId}`}>
            {p.reasons[reason as keyof typeof p.reasons] ?? reason}{' '}
            <span className="hm-code hm-soft">{path}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Why it is refused, in words; of a day that is too early, with the earliest one. */
function RefusalSaid({
  failure,
  choose,
}: {
  readonly failure: Failure;
  readonly choose: (from: string) => void;
}) {
  const p = useWords(pageWords);
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
        title={p.tooEarly}
        description={p.tooEarlyWhy(String(noticeDays ?? ''), at)}
        action={<Button onClick={() => choose(earliest)}>{p.fromEarliest(at)}</Button>}
      />
    );
  }
  if (code === 'rule_time_past')
    return <Alert type="warning" showIcon title={p.past} description={p.pastWhy} />;
  if (code === 'simulation_proves_nothing')
    return (
      <Alert
        type="warning"
        showIcon
        title={p.flaw}
        description={p.flaws[problem.flaw as keyof typeof p.flaws] ?? problem.detail}
      />
    );
  return <FailureAlert failure={failure} />;
}
