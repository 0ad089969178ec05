import type { components } from '@hongmi/sdk';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useFormat } from '@hongmi/ui/format.ts';
import { useLanguage, useWords, wordsOf } from '@hongmi/ui/language.ts';
import { laterPart } from '@hongmi/ui/later-part.tsx';
import { useIsUnderWay, useWrite } from '@hongmi/ui/write.ts';
import { useQuery } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { hongmi } from '../../app/api.ts';
import { useProgramme } from '../../app/programme.tsx';
import { useMay } from '../../app/session.ts';
import { DownloadMenu } from '../../design/download.tsx';
import { FailureAlert } from '../../design/failure-shown.tsx';
import { Loaded } from '../../design/loaded.tsx';
import { Card, Figure, Page } from '../../design/page.tsx';
import { Skeleton } from '../../design/skeleton.tsx';
import { PlainTable } from '../../design/table.tsx';
import { Tag } from '../../design/tag.tsx';
import { Code, None, When } from '../../design/values.tsx';

const words = wordsOf({
  zh: {
    title: '对账',
    about: '账本、清算与账务互相印证：每天一次、每次关账后自动核对，也可以现在核对。',
    run: '现在核对',
    running: '正在核对账本、清算与账务，可以离开本页，结果会留在这里。',
    never: '还没有核对过',
    neverWhy: '每天自动核对一次，也可以现在开始。',
    ok: '全部相符',
    okMore: (checks: string) => `${checks} 项比较，没有差异`,
    wrong: (count: string) => `有 ${count} 处差异`,
    wrongMore: '差异会一直列出，直到再次核对不再出现。请按代码逐项查明。',
    at: '最近核对',
    checks: '比较项数',
    differences: '差异',
    closed: '已关账期 / 已结账期',
    points: '未使用的积分：账本、会员账户与账务',
    type: '积分',
    lots: '账本批次',
    accounts: '会员账户',
    books: '账务',
    lotsCost: '账本成本',
    booksCost: '账务负债',
    same: '结论',
    equal: '相符',
    unequal: '不符',
    money: '清算：账本应计 = 已入头寸 + 结转',
    owed: '账本应计',
    cleared: '已入账期头寸',
    carried: '结转余数',
    findings: '差异明细',
    code: '代码',
    what: '内容',
    expected: '应为',
    found: '实为',
    first: '首次发现',
    last: '最近出现',
    seen: '次数',
    paper: '对账页',
    codes: {
      accounts_balance: '账户不平',
      lots_accounts: '批次与账户',
      lots_books: '批次与账务',
      worth_books: '成本与账务',
      pair: '往来',
      position: '头寸',
      positions_sum: '头寸合计',
      figures: '数字哈希',
      carried: '结转',
      payment: '付款',
      cohort: '批次滚动',
      books_figures: '账务哈希',
      books_opening: '期初',
      books_accruals: '账务与应计',
      journal: '分录',
    },
  },
  en: {
    title: 'Reconciliation',
    about:
      'Ledger, clearing and books say the same: compared once a day, after every closing, and whenever somebody asks.',
    run: 'Compare now',
    running:
      'Ledger, clearing and books are being compared. You can leave this page; the result stays here.',
    never: 'Nothing was compared yet',
    neverWhy: 'It is done once a day by itself, or now.',
    ok: 'Everything agrees',
    okMore: (checks: string) => `${checks} comparisons without a difference`,
    wrong: (count: string) => `${count} things differ`,
    wrongMore:
      'What differs stays here until a comparison that comes to it again finds nothing. Look into each by its code.',
    at: 'Last compared',
    checks: 'Comparisons',
    differences: 'Differences',
    closed: 'Closed periods / books',
    points: 'Points not used: ledger, accounts of members, books',
    type: 'Points',
    lots: 'Lots of the ledger',
    accounts: 'Accounts',
    books: 'Books',
    lotsCost: 'What lots cost',
    booksCost: 'Liability in the books',
    same: 'So',
    equal: 'the same',
    unequal: 'different',
    money: 'Clearing: accrued in the ledger = in positions + carried',
    owed: 'Accrued in the ledger',
    cleared: 'In positions of periods',
    carried: 'Carried',
    findings: 'What differs',
    code: 'Code',
    what: 'What',
    expected: 'Expected',
    found: 'Found',
    first: 'First seen',
    last: 'Last seen',
    seen: 'Times',
    paper: 'As a page',
    codes: {
      accounts_balance: 'accounts',
      lots_accounts: 'lots and accounts',
      lots_books: 'lots and books',
      worth_books: 'costs and books',
      pair: 'pair',
      position: 'position',
      positions_sum: 'sum of positions',
      figures: 'hash of figures',
      carried: 'carried',
      payment: 'payment',
      cohort: 'cohort',
      books_figures: 'hash of books',
      books_opening: 'opening',
      books_accruals: 'books and accruals',
      journal: 'journal',
    },
  },
});

const Progress = laterPart(() => import('../../design/progress.tsx'), 'Progress');

type Reconciliation = components['schemas']['Reconciliation'];
/** All of a large programme is compared within minutes. */
const RUN_MS = 600_000;

/** Whether ledger, clearing and books say the same. */
export default function ReconcileArea() {
  const t = useWords(words);
  const may = useMay();
  const language = useLanguage();
  const programme = useProgramme();
  const code = programme?.code;
  const query = useQuery({
    queryKey: ['reconciliation', code],
    queryFn: ({ signal }) => hongmi.getReconciliation({ programme: code }, { signal }),
    enabled: code !== undefined,
  });
  const run = useWrite(
    (asked: string, idempotencyKey) =>
      hongmi.reconcileClearing({ programme: asked }, { idempotencyKey, timeoutMs: RUN_MS }),
    { touches: [['reconciliation', code]], name: ['reconcile', code] },
  );
  const isRunning = useIsUnderWay(['reconcile', code]);
  if (code === undefined) return <Skeleton />;
  return (
    <Page
      title={t.title}
      about={t.about}
      actions={
        <>
          {query.data?.last == null ? null : (
            <DownloadMenu
              label={t.paper}
              files={[
                {
                  key: 'reconciliation.html',
                  label: t.paper,
                  load: () =>
                    hongmi.download('getReconciliationPage', { programme: code, lang: language }),
                },
              ]}
            />
          )}
          {may('books:write') ? (
            <Button type="primary" loading={isRunning} onClick={() => void run.send(code)}>
              {t.run}
            </Button>
          ) : null}
        </>
      }
    >
      {isRunning ? (
        <Card>
          <Progress label={t.running} share={undefined} />
        </Card>
      ) : null}
      {run.failure === undefined ? null : <FailureAlert failure={run.failure} />}
      <Loaded query={query}>
        {({ last }) =>
          last === null ? (
            <Card>
              <Empty title={t.never}>{t.neverWhy}</Empty>
            </Card>
          ) : (
            <Compared found={last} />
          )
        }
      </Loaded>
    </Page>
  );
}

function Compared({ found }: { readonly found: Reconciliation }) {
  const t = useWords(words);
  const f = useFormat();
  const { ok, checks, differences, at, money } = found;
  return (
    <>
      <Alert
        type={ok ? 'success' : 'error'}
        showIcon
        title={ok ? t.ok : t.wrong(f.number(differences))}
        description={ok ? t.okMore(f.number(checks)) : t.wrongMore}
      />
      <div className="hm-figures">
        <Figure name={t.checks} value={f.number(checks)} />
        <Figure name={t.differences} value={f.number(differences)} />
        <Figure
          name={t.closed}
          value={`${f.number(money.closedPeriods)} / ${f.number(money.closedBooks)}`}
        />
        <Figure name={t.at} value={f.relative(at)} more={<When at={at} />} />
      </div>
      <Findings found={found} />
      <Outstanding found={found} />
      <Card title={t.money}>
        <div className="hm-figures">
          <Figure name={t.owed} value={f.moneyExact(money.owedMicroFen)} />
          <Figure name={t.cleared} value={f.moneyExact(money.clearedMicroFen)} />
          <Figure name={t.carried} value={f.moneyExact(money.carriedMicroFen)} />
        </div>
      </Card>
    </>
  );
}

function Outstanding({ found: { outstanding } }: { readonly found: Reconciliation }) {
  const t = useWords(words);
  const f = useFormat();
  const types = useProgramme()?.pointTypes ?? [];
  const points = (code: string, value: string | null) =>
    value === null ? (
      <None />
    ) : (
      <span className="hm-number">
        {f.points(Number(value), types.find((each) => each.code === code)?.scale ?? 0)}
      </span>
    );
  const money = (value: string | null) =>
    value === null ? <None /> : <span className="hm-number">{f.moneyExact(value)}</span>;
  return (
    <Card title={t.points} flush>
      <PlainTable
        label={t.points}
        rows={outstanding}
        rowKey={({ pointType }) => pointType}
        columns={[
          {
            key: 'type',
            title: t.type,
            render: ({ pointType }) =>
              types.find((each) => each.code === pointType)?.name ?? pointType,
          },
          {
            key: 'lots',
            title: t.lots,
            align: 'right',
            render: ({ pointType, lotPoints }) => points(pointType, lotPoints),
          },
          {
            key: 'accounts',
            title: t.accounts,
            align: 'right',
            render: ({ pointType, accountPoints }) => points(pointType, accountPoints),
          },
          {
            key: 'books',
            title: t.books,
            align: 'right',
            render: ({ pointType, bookPoints }) => points(pointType, bookPoints),
          },
          {
            key: 'lotsCost',
            title: t.lotsCost,
            align: 'right',
            render: ({ lotMicroFen }) => money(lotMicroFen),
          },
          {
            key: 'booksCost',
            title: t.booksCost,
            align: 'right',
            render: ({ bookMicroFen }) => money(bookMicroFen),
          },
          {
            key: 'same',
            title: t.same,
            render: ({ lotPoints, accountPoints, bookPoints, lotMicroFen, bookMicroFen }) => {
              const isSame =
                lotPoints === accountPoints &&
                (bookPoints === null || bookPoints === lotPoints) &&
                (bookMicroFen === null || bookMicroFen === lotMicroFen);
              return <Tag tone={isSame ? 'good' : 'bad'}>{isSame ? t.equal : t.unequal}</Tag>;
            },
          },
        ]}
      />
    </Card>
  );
}

function Findings({ found: { findings } }: { readonly found: Reconciliation }) {
  const t = useWords(words);
  const f = useFormat();
  const language = useLanguage();
  if (findings.length === 0) return null;
  return (
    <Card title={t.findings} flush>
      <PlainTable
        label={t.findings}
        rows={findings}
        rowKey={({ id }) => String(id)}
        exportAs="differences"
        columns={[
          {
            key: 'code',
            title: t.code,
            render: ({ code }) => (
              <>
                {t.codes[code]} <Code>{code}</Code>
              </>
            ),
            value: ({ code }) => code,
          },
          {
            key: 'what',
            title: t.what,
            render: ({ message, messageZh }) => (language === 'zh' ? messageZh : message),
            value: ({ message, messageZh }) => (language === 'zh' ? messageZh : message),
          },
          {
            key: 'expected',
            title: t.expected,
            render: ({ expected }) => <Code>{expected}</Code>,
            value: ({ expected }) => expected,
          },
          {
            key: 'found',
            title: t.found,
            render: ({ found }) => <Code>{found}</Code>,
            value: ({ found }) => found,
          },
          { key: 'first', title: t.first, render: ({ firstSeenAt }) => <When at={firstSeenAt} /> },
          { key: 'last', title: t.last, render: ({ lastSeenAt }) => <When at={lastSeenAt} /> },
          {
            key: 'seen',
            title: t.seen,
            align: 'right',
            render: ({ seen }) => f.number(seen),
            value: ({ seen }) => seen,
          },
        ]}
      />
    </Card>
  );
}
