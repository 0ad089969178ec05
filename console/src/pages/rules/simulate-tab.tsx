import type { Input, Output } from '@hongmi/sdk';
import { useFilter } from '@hongmi/ui/address.ts';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { useQuery } from '@tanstack/react-query';
import { Alert, Form as AntForm, Button, DatePicker, Select } from 'antd';
import { hongmi } from '../../app/api.ts';
import { useProgramme } from '../../app/programme.tsx';
import { useSession } from '../../app/session.ts';
import { endOfDay, startOfDay } from '../../app/zone.ts';
import { dayRange } from '../../design/days.ts';
import { FailureAlert } from '../../design/failure-shown.tsx';
import { Form } from '../../design/form.tsx';
import { Loaded } from '../../design/loaded.tsx';
import { Card } from '../../design/page.tsx';
import { Progress } from '../../design/progress.tsx';
import { foremost } from '../../publishing/version.ts';
import type { Rule } from './rule.ts';
import { SimulationShown } from './simulation-shown.tsx';
import { SimulationsList } from './simulations-list.tsx';
import { tryWords } from './try-words.ts';

type Simulation = Output<'getSimulation'>;
type Asked = Omit<Input<'startSimulation'>, 'dryRun'>;
interface Values {
  readonly period: readonly [string, string];
  readonly rules: 'then' | 'now';
}
const POLL_MS = 1_000;
const isUnderWay = ({ state }: Simulation): boolean => state === 'waiting' || state === 'running';

/** Replays history against the draft: started here, followed, left, and found again by its id in the address or among those before. */
export function SimulateTab({ rule }: { readonly rule: Rule }) {
  const t = useWords(tryWords);
  const [id, follow] = useFilter('simulation');
  const version = rule.draft ?? foremost(rule);
  if (version?.body.on !== 'order') return <Empty title={t.noOrders} />;
  return (
    <div className="hm-stack">
      {id === undefined ? (
        <>
          <StartCard rule={rule} follow={follow} />
          <SimulationsList ruleId={rule.id} follow={follow} />
        </>
      ) : (
        <FollowCard key={id} rule={rule} id={id} again={() => follow(undefined)} />
      )}
    </div>
  );
}

function StartCard({
  rule: { id, draft, merchantId, programme },
  follow,
}: {
  readonly rule: Rule;
  readonly follow: (id: string) => void;
}) {
  const t = useWords(tryWords);
  const { merchantId: own } = useSession();
  const zone = useProgramme()?.timeZone ?? 'Asia/Shanghai';
  const [form] = AntForm.useForm<Values>();
  const start = useWrite(
    (asked: Asked, idempotencyKey) => hongmi.startSimulation(asked, { idempotencyKey }),
    { done: (made) => follow(made.id) },
  );
  const whose = own !== null ? {} : merchantId === null ? { programme } : { merchantId };
  const { failure } = start;
  const other =
    failure?.kind === 'refused' && failure.code === 'simulation_running'
      ? failure.problem.simulationId
      : undefined;
  return (
    <Card title={t.simulate}>
      <p className="hm-soft">{t.simulateAbout}</p>
      {draft === null ? <Alert type="info" showIcon title={t.without} /> : null}
      <Form<Values>
        draft={`rule-simulate-${id}`}
        form={form}
        initial={{ rules: 'now' }}
        onSubmit={({ period: [from, until], rules }) =>
          void start.send({
            ...whose,
            from: startOfDay(from, zone),
            until: endOf(until, zone),
            rules,
            ...(draft === null ? { without: [id] } : { drafts: [id] }),
          })
        }
        isSending={start.isSending}
        failure={other === undefined ? failure : undefined}
        submit={draft === null ? t.leaveOut : t.start}
      >
        <div className="hm-columns hm-columns-narrow" style={{ marginTop: 16 }}>
          <AntForm.Item
            name="period"
            label={t.period}
            rules={[{ required: true, message: t.needed }]}
            {...dayRange}
          >
            <DatePicker.RangePicker style={{ width: '100%' }} />
          </AntForm.Item>
          <AntForm.Item name="rules" label={t.rules}>
            <Select
              options={[
                { value: 'now', label: t.rulesOf.of_now },
                { value: 'then', label: t.rulesOf.of_then },
              ]}
            />
          </AntForm.Item>
        </div>
        {typeof other === 'string' ? (
          <Alert
            type="warning"
            showIcon
            title={t.running}
            action={
              <Button size="small" onClick={() => follow(other)}>
                {t.show}
              </Button>
            }
          />
        ) : null}
      </Form>
    </Card>
  );
}

/** The end of the last day, never after now: the future has no orders. */
function endOf(day: string, zone: string): string {
  return new Date(Math.min(Date.parse(endOfDay(day, zone)), Date.now())).toISOString();
}

function FollowCard({
  rule,
  id,
  again,
}: {
  readonly rule: Rule;
  readonly id: string;
  readonly again: () => void;
}) {
  const t = useWords(tryWords);
  const queryKey = ['simulation', id];
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => hongmi.getSimulation({ id }, { signal }),
    refetchInterval: ({ state: { data } }) =>
      data !== undefined && !isUnderWay(data) ? false : POLL_MS,
  });
  const cancel = useWrite(
    (_: null, idempotencyKey) => hongmi.cancelSimulation({ id }, { idempotencyKey }),
    { touches: [queryKey] },
  );
  const againButton = <Button onClick={again}>{t.again}</Button>;
  return (
    <Loaded query={query}>
      {(simulation) => (
        <>
          {isUnderWay(simulation) ? (
            <Card title={t.simulate}>
              <UnderWay simulation={simulation} />
              {cancel.failure === undefined ? null : <FailureAlert failure={cancel.failure} />}
              <Button danger loading={cancel.isSending} onClick={() => void cancel.send(null)}>
                {t.cancel}
              </Button>
            </Card>
          ) : null}
          {simulation.state === 'cancelled' || simulation.state === 'failed' ? (
            <Alert
              type={simulation.state === 'failed' ? 'error' : 'info'}
              showIcon
              title={simulation.state === 'failed' ? t.failed : t.cancelled}
              description={
                t.failures[simulation.failure as keyof typeof t.failures] ?? simulation.failure
              }
              action={againButton}
            />
          ) : null}
          {simulation.result === null ? null : (
            <SimulationShown
              rule={rule}
              simulation={simulation}
              result={simulation.result}
              actions={againButton}
            />
          )}
        </>
      )}
    </Loaded>
  );
}

function UnderWay({ simulation: { state, done, total } }: { readonly simulation: Simulation }) {
  const t = useWords(tryWords);
  const share = total === null || total === 0 ? undefined : done / total;
  const count = total === null ? '' : ` ${t.doneOf(String(done), String(total))}`;
  return (
    <>
      <Progress label={`${state === 'waiting' ? t.waiting : t.progress}${count}`} share={share} />
      <p className="hm-soft">{t.leave}</p>
    </>
  );
}
