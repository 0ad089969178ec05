import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { Alert, Button } from 'antd';
import { Link } from 'wouter';
import { FailureAlert } from '../../design/failure-shown.tsx';
import { Card, Figure } from '../../design/page.tsx';
import { Progress } from '../../design/progress.tsx';
import { PlainTable } from '../../design/table.tsx';
import { None, When } from '../../design/values.tsx';
import { EvidenceButton, FindingsTable, Sound } from './parts.tsx';
import { usePin } from './pin.ts';
import { Strip } from './strip.tsx';
import { type Run, resumeVerification, type Seen, type ShardRun } from './verification.ts';
import { verifyWords } from './verify-words.ts';
import { ledgerWords } from './words.ts';

const doneOf = ({ tip, after }: ShardRun): number => tip?.number ?? after;

/** How far a verification is, and what it found. */
export function RunShown({ run }: { readonly run: Run }) {
  const t = useWords(verifyWords);
  const w = useWords(ledgerWords);
  const f = useFormat();
  const { shards, seals, findings } = run;
  const sum = (of: (shard: ShardRun) => number): number =>
    shards.reduce((total, each) => total + of(each), 0);
  const blocks = sum((each) => doneOf(each) - each.after);
  const all = sum((each) => each.upTo - each.after);
  return (
    <>
      <Outcome run={run} share={all === 0 ? undefined : blocks / all} />
      <div className="hm-figures">
        <Figure
          name={t.blocks}
          value={f.number(blocks)}
          more={t.ofAll(f.number(blocks), f.number(all))}
        />
        <Figure name={t.transactions} value={f.number(sum((each) => each.transactions))} />
        <Figure name={t.entries} value={f.number(sum((each) => each.entries))} />
        <Figure
          name={t.seals}
          value={f.number(seals.done === 0 ? 0 : seals.done - seals.first + 1)}
          more={
            <>
              {t.startedAt} <When at={run.startedAt} />
            </>
          }
        />
      </div>
      {findings.length === 0 ? null : (
        <Card title={w.problem} flush>
          <FindingsTable findings={findings} />
        </Card>
      )}
      <Card
        title={t.chains}
        flush
        actions={
          <EvidenceButton
            name={`ledger-verification-${run.startedAt.slice(0, 10)}`}
            content={() => run}
          />
        }
      >
        <Chains run={run} />
      </Card>
      {run.recent.length === 0 ? null : (
        <Card title={t.recent} flush>
          <Recent seen={run.recent} />
        </Card>
      )}
    </>
  );
}

function Outcome({ run, share }: { readonly run: Run; readonly share: number | undefined }) {
  const t = useWords(verifyWords);
  const f = useFormat();
  const { pin } = usePin();
  const { state, findings, failure } = run;
  const isWrong = findings.length > 0;
  const resume = (
    <Button size="small" onClick={resumeVerification}>
      {t.resume}
    </Button>
  );
  return (
    <div aria-live="polite" className="hm-stack">
      {state === 'running' ? (
        <Card>
          <Progress label={t.running} share={share} />
          <span className="hm-soft">{t.goesOn}</span>
        </Card>
      ) : null}
      {state === 'stopped' ? (
        <Alert type="info" showIcon title={t.stopped} action={resume} />
      ) : null}
      {state === 'failed' ? (
        <>
          <Alert type="warning" showIcon title={t.failed} action={resume} />
          {failure === null ? null : <FailureAlert failure={failure} />}
        </>
      ) : null}
      {isWrong ? (
        <Alert
          type="error"
          showIcon
          role="alert"
          title={t.wrong(f.number(findings.length))}
          description={t.wrongWhy}
        />
      ) : null}
      {state === 'done' && !isWrong ? (
        <Alert
          type="success"
          showIcon
          title={share === undefined ? t.nothing : t.sound}
          description={
            <>
              {share === undefined ? null : t.soundWhy}{' '}
              {run.isPinned && pin !== null ? null : <strong>{t.notCompared}</strong>}
            </>
          }
        />
      ) : null}
    </div>
  );
}

function Chains({ run }: { readonly run: Run }) {
  const t = useWords(verifyWords);
  const w = useWords(ledgerWords);
  const f = useFormat();
  const wrongOf = (shard: number): ReadonlySet<number> =>
    new Set(
      run.findings.flatMap((each) =>
        each.shard === shard && each.block !== undefined ? [each.block] : [],
      ),
    );
  return (
    <>
      <PlainTable<ShardRun>
        label={t.chains}
        rows={run.shards}
        rowKey={({ shard }) => String(shard)}
        columns={[
          {
            key: 'shard',
            title: w.shard,
            width: 110,
            render: ({ shard }) => (
              <Link href={`/shards/${shard}`}>{w.shardOf(String(shard))}</Link>
            ),
          },
          {
            key: 'state',
            title: t.state,
            width: 360,
            render: (each) => <Strip {...each} done={doneOf(each)} wrong={wrongOf(each.shard)} />,
          },
          {
            key: 'blocks',
            title: t.blocks,
            align: 'right',
            width: 150,
            render: (each) =>
              t.ofAll(f.number(doneOf(each) - each.after), f.number(each.upTo - each.after)),
          },
          {
            key: 'pinned',
            title: t.confirmed,
            align: 'right',
            width: 160,
            render: ({ pinned }) => (pinned === null ? <None /> : f.number(pinned)),
          },
          {
            key: 'result',
            title: t.result,
            width: 90,
            render: (each) =>
              doneOf(each) === each.after ? (
                <None />
              ) : (
                <Sound isSound={wrongOf(each.shard).size === 0} />
              ),
          },
        ]}
      />
      <div className="hm-table-foot">{t.tail}</div>
    </>
  );
}

function Recent({ seen }: { readonly seen: readonly Seen[] }) {
  const t = useWords(verifyWords);
  const w = useWords(ledgerWords);
  const f = useFormat();
  return (
    <PlainTable<Seen>
      label={t.recent}
      rows={seen}
      rowKey={({ shard, number }) => `${shard}/${number}`}
      columns={[
        {
          key: 'block',
          title: w.block,
          render: ({ shard, number }) => (
            <Link href={`/shards/${shard}/${number}`}>
              {w.shardOf(String(shard))} · {w.blockOf(f.number(number))}
            </Link>
          ),
        },
        {
          key: 'transactions',
          title: t.transactions,
          align: 'right',
          render: ({ transactions }) => f.number(transactions),
        },
        { key: 'result', title: t.result, render: ({ isSound }) => <Sound isSound={isSound} /> },
      ]}
    />
  );
}
