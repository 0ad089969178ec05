import { DownloadOutlined } from '@ant-design/icons';
import { failureOf } from '@hongmi/ui/failure.ts';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { Button, Dropdown } from 'antd';
import { useRef, useState } from 'react';
import type { Column, PageOf } from './column.ts';
import { useMessage } from './notices.tsx';

const words = wordsOf({
  zh: {
    export: '导出',
    going: (count: string) => `已读取 ${count} 条，点击停止`,
    done: (count: string) => `已导出 ${count} 条`,
    cut: (count: string) => `只导出了前 ${count} 条；请缩小筛选范围`,
    failed: '导出没有完成，请重试',
  },
  en: {
    export: 'Export',
    going: (count: string) => `${count} read, click to stop`,
    done: (count: string) => `${count} rows exported`,
    cut: (count: string) => `Only the first ${count} rows were exported; narrow the filters`,
    failed: 'The export did not finish; try again',
  },
});

/** What a spreadsheet and this page's memory hold without trouble. */
const ROWS_MAX = 50_000;

/** Reads a list to its end, page by page, and saves it as CSV or XLSX. Columns without a `value` are left out. */
export function ExportMenu<Row>({
  name,
  columns,
  load,
}: {
  readonly name: string;
  readonly columns: readonly Column<Row>[];
  readonly load: (cursor: string | undefined, signal: AbortSignal) => Promise<PageOf<Row>>;
}) {
  const t = useWords(words);
  const f = useFormat();
  const message = useMessage();
  const [count, setCount] = useState<number | undefined>();
  const running = useRef<AbortController>(undefined);

  async function save(form: 'csv' | 'xlsx'): Promise<void> {
    const stop = new AbortController();
    running.current = stop;
    setCount(0);
    try {
      const rows: Row[] = [];
      let cursor: string | undefined;
      do {
        const page = await load(cursor, stop.signal);
        rows.push(...page.items);
        setCount(rows.length);
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined && rows.length < ROWS_MAX && !stop.signal.aborted);
      if (stop.signal.aborted) return;
      const { saveTable } = await import('./save-table.ts');
      await saveTable(name, form, columns, rows);
      if (cursor === undefined) void message.success(t.done(f.number(rows.length)));
      else void message.warning(t.cut(f.number(rows.length)));
    } catch (error) {
      if (!stop.signal.aborted && failureOf(error).kind !== 'session') void message.error(t.failed);
    } finally {
      setCount(undefined);
    }
  }

  if (count !== undefined)
    return (
      <Button size="small" onClick={() => running.current?.abort()}>
        {t.going(f.number(count))}
      </Button>
    );
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          { key: 'csv', label: 'CSV' },
          { key: 'xlsx', label: 'XLSX' },
        ],
        onClick: ({ key }) => void save(key === 'csv' ? 'csv' : 'xlsx'),
      }}
    >
      <Button size="small" icon={<DownloadOutlined />}>
        {t.export}
      </Button>
    </Dropdown>
  );
}
