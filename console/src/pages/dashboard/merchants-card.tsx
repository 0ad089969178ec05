import type { components } from '@hongmi/sdk';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { Link, useSearch } from 'wouter';
import { Card } from '../../design/page.tsx';
import { words } from './words.ts';

type Part = components['schemas']['InsightPart'];

const SHARE = 1_000_000;

/** Who issued and took how much: each a link to the same page of that merchant alone. */
export function MerchantsCard({
  parts: all,
  scale,
}: {
  readonly parts: readonly Part[];
  readonly scale: number;
}) {
  const t = useWords(words);
  const f = useFormat();
  const search = useSearch();
  const parts = all.filter(({ figures }) => figures.issued !== 0 || figures.redeemed !== 0);
  const most = Math.max(
    1,
    ...parts.map(({ figures }) => Math.max(figures.issued, figures.redeemed)),
  );
  if (parts.length === 0)
    return (
      <Card title={t.merchants}>
        <Empty title={t.nothing}>{t.nothingWhy}</Empty>
      </Card>
    );
  return (
    <Card title={t.merchants}>
      <p className="hm-soft">{t.merchantsAbout}</p>
      <ul className="hm-bars">
        {parts.map(({ merchantId, merchantName, figures, issuedPpm }) => (
          <li key={merchantId}>
            <Link href={addressOf(search, merchantId)}>
              <strong>{merchantName ?? merchantId}</strong>
              <Bar
                name={t.figures.issued}
                tone={0}
                share={figures.issued / most}
                value={`${f.points(figures.issued, scale)} · ${t.issuedShare(f.percent(issuedPpm / SHARE))}`}
              />
              <Bar
                name={t.figures.redeemed}
                tone={1}
                share={figures.redeemed / most}
                value={f.points(figures.redeemed, scale)}
              />
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function addressOf(search: string, merchant: string | null): string {
  const params = new URLSearchParams(search);
  if (merchant !== null) params.set('merchant', merchant);
  return `/?${params}`;
}

function Bar({
  name,
  value,
  share,
  tone,
}: {
  readonly name: string;
  readonly value: string;
  readonly share: number;
  readonly tone: number;
}) {
  return (
    <span className="hm-bar">
      <span className="hm-soft">{name}</span>
      <span className="hm-bar-line" aria-hidden="true">
        <span
          className="hm-bar-share"
          style={{
            width: `${share * 100}%`,
            background: `var(--hm-series-${tone})`,
          }}
        />
      </span>
      <span className="hm-number">{value}</span>
    </span>
  );
}
