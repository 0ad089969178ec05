import { useFilter } from '@hongmi/ui/address.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { laterPart } from '@hongmi/ui/later-part.tsx';
import { Button, Input, Radio } from 'antd';
import { useState } from 'react';
import { Link } from 'wouter';
import { Card, Page } from '../../design/page.tsx';
import { PinnedKey } from './pinned-key.tsx';
import {
  type Extent,
  startVerification,
  stopVerification,
  useVerification,
} from './verification.ts';
import { verifyWords } from './verify-words.ts';
import { ledgerWords } from './words.ts';

const RunShown = laterPart(() => import('./run-shown.tsx'), 'RunShown');

/** Computes the ledger again in this browser, as much of it as is asked for. */
export function VerifyPage() {
  const t = useWords(verifyWords);
  const w = useWords(ledgerWords);
  const run = useVerification();
  return (
    <Page title={t.title} about={t.about} above={<Link href="/">{w.ledger}</Link>}>
      <PinnedKey />
      <Card title={t.extent}>
        <ExtentForm isRunning={run?.state === 'running'} />
      </Card>
      {run === null ? null : <RunShown run={run} />}
    </Page>
  );
}

const numberIn = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;

function ExtentForm({ isRunning }: { readonly isRunning: boolean }) {
  const t = useWords(verifyWords);
  const [since, setSince] = useFilter('since');
  const [shard, setShard] = useFilter('shard');
  const [from, setFrom] = useFilter('from');
  const [upTo, setUpTo] = useFilter('upTo');
  const [kind, setKind] = useState<Extent['kind']>(
    since !== undefined ? 'since' : shard !== undefined ? 'range' : 'all',
  );
  const told = { since: numberIn(since), shard: numberIn(shard), from: numberIn(from) };
  const extent = ((): Extent | null => {
    if (kind === 'all') return { kind };
    if (kind === 'since') return told.since === null ? null : { kind, seal: told.since };
    const first = told.from ?? 1;
    const last = numberIn(upTo) ?? Number.MAX_SAFE_INTEGER;
    return told.shard === null || first < 1 || last < first
      ? null
      : { kind, shard: told.shard, from: first, upTo: last };
  })();
  const field = (
    name: string,
    value: string | undefined,
    set: (value: string | undefined) => void,
    min: number,
  ) => (
    <label>
      {name}
      <Input
        type="number"
        min={min}
        step={1}
        value={value ?? ''}
        onChange={({ target }) => set(target.value || undefined)}
      />
    </label>
  );
  return (
    <form
      className="hm-stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (extent !== null) startVerification(extent);
      }}
    >
      <Radio.Group
        aria-label={t.extent}
        value={kind}
        onChange={({ target }) => setKind(target.value as Extent['kind'])}
        options={[
          { value: 'all', label: t.all },
          { value: 'since', label: t.since },
          { value: 'range', label: t.range },
        ]}
      />
      <div className="hm-filters">
        {kind === 'since' ? field(t.seal, since, setSince, 1) : null}
        {kind === 'range' ? (
          <>
            {field(t.shard, shard, setShard, 0)}
            {field(t.from, from, setFrom, 1)}
            {field(t.upTo, upTo, setUpTo, 1)}
          </>
        ) : null}
        <Button type="primary" htmlType="submit" disabled={isRunning || extent === null}>
          {t.start}
        </Button>
        {isRunning ? <Button onClick={stopVerification}>{t.stop}</Button> : null}
      </div>
      {kind === 'range' ? <span className="hm-soft">{t.extended}</span> : null}
    </form>
  );
}
