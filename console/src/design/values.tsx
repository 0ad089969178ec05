import { CopyOutlined } from '@ant-design/icons';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { Button, Tooltip } from 'antd';
import { useProgramme } from '../app/programme.tsx';
import { useMessage } from './notices.tsx';

const words = wordsOf({
  zh: { copy: '复制', copied: '已复制', none: '无', notCopied: '浏览器不允许复制，请手动选择' },
  en: {
    copy: 'Copy',
    copied: 'Copied',
    none: 'none',
    notCopied: 'The browser does not allow copying; select it by hand',
  },
});

/** A whole number, or points of a type with decimals. `signed`: with its sign, as changes are. */
export function Points({
  value,
  scale = 0,
  signed = false,
}: {
  readonly value: number;
  readonly scale?: number;
  readonly signed?: boolean;
}) {
  const f = useFormat();
  const shown = f.points(value, scale);
  return <span className="hm-number">{signed && value > 0 ? `+${shown}` : shown}</span>;
}

/** Money, from fen. */
export function Money({ fen }: { readonly fen: number }) {
  return <span className="hm-number">{useFormat().money(fen)}</span>;
}

/** A price per point, from micro-fen. */
export function Price({ microFen }: { readonly microFen: number }) {
  return <span className="hm-number">{useFormat().price(microFen)}</span>;
}

/** When, by the programme's clock; to the second on a closer look. */
export function When({ at, dayOnly = false }: { readonly at: string; readonly dayOnly?: boolean }) {
  const f = useFormat();
  const timeZone = useProgramme()?.timeZone;
  return (
    <Tooltip title={f.exact(at, timeZone)}>
      <time dateTime={at} className="hm-number">
        {dayOnly ? f.day(at, timeZone) : f.instant(at, timeZone)}
      </time>
    </Tooltip>
  );
}

/** The last day of what is over at `end`: often a midnight, when that day is over. */
export function LastDay({ end }: { readonly end: string }) {
  return <When at={new Date(Date.parse(end) - 1).toISOString()} dayOnly />;
}

/** An id, a hash, a code: to be read character by character, and copied. `short`: its end alone, the whole on a closer look. */
export function Code({
  children,
  short = false,
}: {
  readonly children: string;
  readonly short?: boolean;
}) {
  const shown = short && children.length > 14 ? `…${children.slice(-8)}` : children;
  return short ? (
    <Tooltip title={children}>
      <span className="hm-code">{shown}</span>
    </Tooltip>
  ) : (
    <span className="hm-code">{shown}</span>
  );
}

/** Copies a text, and says so. */
export function CopyButton({ text }: { readonly text: string }) {
  const t = useWords(words);
  const message = useMessage();
  return (
    <Button
      size="small"
      type="text"
      icon={<CopyOutlined />}
      aria-label={t.copy}
      onClick={() =>
        navigator.clipboard === undefined
          ? void message.warning(t.notCopied)
          : void navigator.clipboard.writeText(text).then(
              () => message.success(t.copied),
              () => message.warning(t.notCopied),
            )
      }
    />
  );
}

/** Where there is nothing to tell: a dash for the eye, a word for the ear. */
export function None() {
  const t = useWords(words);
  return (
    <span className="hm-soft">
      <span aria-hidden="true">–</span>
      <span className="hm-hidden">{t.none}</span>
    </span>
  );
}
