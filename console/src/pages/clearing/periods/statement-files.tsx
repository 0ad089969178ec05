import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { hongmi } from '../../../app/api.ts';
import { DownloadMenu } from '../../../design/download.tsx';

const words = wordsOf({
  zh: {
    label: '下载',
    zh: '中文',
    en: '英文',
    lines: '逐笔明细 CSV',
    whole: '完整 CSV',
    page: '网页',
  },
  en: {
    label: 'Download',
    zh: 'Chinese',
    en: 'English',
    lines: 'Lines alone, CSV',
    whole: 'Everything, CSV',
    page: 'Page',
  },
});

/** The papers of a statement: PDF, XLSX and page in both languages, CSV in the one that is read. */
export function StatementFiles({
  id,
  merchant,
  small = false,
}: {
  readonly id: string;
  readonly merchant: string;
  readonly small?: boolean;
}) {
  const t = useWords(words);
  const paper = (
    format: 'pdf' | 'xlsx' | 'html' | 'csv',
    lang: 'zh-CN' | 'en',
    label: string,
    part: 'all' | 'lines' = 'all',
  ) => ({
    key: `${format}-${lang}-${part}`,
    label,
    load: () => hongmi.download('getClearingStatement', { id, merchant, format, lang, part }),
  });
  return (
    <DownloadMenu
      label={t.label}
      small={small}
      files={[
        paper('pdf', 'zh-CN', `PDF · ${t.zh}`),
        paper('pdf', 'en', `PDF · ${t.en}`),
        paper('xlsx', 'zh-CN', `XLSX · ${t.zh}`),
        paper('xlsx', 'en', `XLSX · ${t.en}`),
        paper('html', 'zh-CN', `${t.page} · ${t.zh}`),
        paper('html', 'en', `${t.page} · ${t.en}`),
        paper('csv', 'zh-CN', t.whole),
        paper('csv', 'zh-CN', t.lines, 'lines'),
      ]}
    />
  );
}
