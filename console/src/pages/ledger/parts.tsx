import { DownloadOutlined } from '@ant-design/icons';
import type { Finding } from '@hongmi/sdk/verify';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { saveBlob } from '@hongmi/ui/save-blob.ts';
import { Button } from 'antd';
import { Link } from 'wouter';
import { PlainTable } from '../../design/table.tsx';
import { Tag } from '../../design/tag.tsx';
import { Code } from '../../design/values.tsx';
import { findingWords } from './chain-words.ts';
import { ledgerWords } from './words.ts';

/** Whether something came out as it must when it was computed again. */
export function Sound({ isSound }: { readonly isSound: boolean }) {
  const t = useWords(ledgerWords);
  return <Tag tone={isSound ? 'good' : 'bad'}>{isSound ? t.sound : t.wrong}</Tag>;
}

/** Saves what was looked at as it was told, for somebody else to verify. */
export function EvidenceButton({
  name,
  content,
}: {
  readonly name: string;
  readonly content: () => unknown;
}) {
  const t = useWords(ledgerWords);
  const save = (): void => {
    const text = `${JSON.stringify(content(), null, 2)}\n`;
    saveBlob(new Blob([text], { type: 'application/json' }), `${name}.json`);
  };
  return (
    <Button icon={<DownloadOutlined />} onClick={save}>
      {t.download}
    </Button>
  );
}

/** What is wrong, where, and what stands there instead. */
export function FindingsTable({ findings }: { readonly findings: readonly Finding[] }) {
  const t = useWords(ledgerWords);
  const words = useWords(findingWords);
  const f = useFormat();
  return (
    <PlainTable<Finding>
      label={t.findings}
      rows={findings}
      rowKey={(finding) => JSON.stringify(finding)}
      columns={[
        {
          key: 'what',
          title: t.problem,
          render: ({ code }) => <Tag tone="bad">{words[code]}</Tag>,
          value: ({ code }) => code,
        },
        {
          key: 'place',
          title: t.place,
          render: (finding) => <Place finding={finding} />,
          value: ({ shard, block, position }) => [shard, block, position].join('/'),
        },
        {
          key: 'difference',
          title: `${t.expected} / ${t.found}`,
          render: ({ expected, found }) => (
            <div className="hm-stack" style={{ gap: 2 }}>
              {expected === undefined ? null : (
                <span>
                  <span className="hm-soft">{t.expected} </span>
                  <Code>{expected}</Code>
                </span>
              )}
              {found === undefined ? null : (
                <span>
                  <span className="hm-soft">{t.found} </span>
                  <Code>{found}</Code>
                </span>
              )}
            </div>
          ),
          value: ({ expected = '', found = '' }) => `${expected} ${found}`,
        },
      ]}
      {...(findings.length > 5 && { exportAs: `ledger-findings-${f.number(findings.length)}` })}
    />
  );
}

function Place({ finding }: { readonly finding: Finding }) {
  const t = useWords(ledgerWords);
  const f = useFormat();
  const { shard, block, position, seal, key } = finding;
  if (seal !== undefined && block === undefined)
    return <Link href={`/seals/${seal}`}>{t.sealOf(f.number(seal))}</Link>;
  if (key !== undefined)
    return (
      <span>
        {t.key} {key}
      </span>
    );
  if (shard === undefined || block === undefined) return null;
  return (
    <span>
      {t.shardOf(String(shard))} ·{' '}
      <Link href={`/shards/${shard}/${block}`}>{t.blockOf(f.number(block))}</Link>
      {position === undefined ? null : ` · ${t.position} ${position + 1}`}
    </span>
  );
}
