import { type Failure, isAbsent, isForbidden } from '@hongmi/ui/failure.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { useRefusalWords } from '@hongmi/ui/refusal-words.ts';
import { Alert, Button } from 'antd';
import type { ReactNode } from 'react';
import { NotHere, NotYours } from './absent.tsx';

const words = wordsOf({
  zh: {
    unreachable: '连不上服务器',
    unreachableWhy: '它可能正在重启，或网络中断。您填写的内容都在。',
    stale: '页面需要刷新',
    reloadWhy: '有一部分取不到了，系统可能刚更新过。请先抄下还没提交的内容，再刷新。',
    reload: '刷新页面',
    session: '登录已结束',
    sessionWhy: '请重新登录；本页内容不会丢失。',
    broken: '页面出错了',
    again: '重试',
    code: '代码',
    inFields: '见上面标出的各项。',
  },
  en: {
    unreachable: 'The server cannot be reached',
    unreachableWhy: 'It may be restarting, or the network is down. What you typed is kept.',
    stale: 'This page needs to be reloaded',
    reloadWhy:
      'A part of it can no longer be fetched; there may have been an update. Note down what you have not sent, then reload.',
    reload: 'Reload the page',
    session: 'You are signed out',
    sessionWhy: 'Sign in again; nothing on this page is lost.',
    broken: 'Something went wrong on this page',
    again: 'Try again',
    code: 'Code',
    inFields: 'See the fields that are marked above.',
  },
});

/** Why what was asked for is not shown: in place of a page or a part of it. */
export function FailureShown({
  failure,
  retry,
}: {
  readonly failure: Failure;
  readonly retry?: (() => void) | undefined;
}) {
  if (isAbsent(failure)) return <NotHere />;
  if (isForbidden(failure)) return <NotYours />;
  return <FailureAlert failure={failure} retry={retry} />;
}

/** The same in a few lines: below a form that could not be sent, say. `parts`: what is wrong that no field tells, where fields tell. */
export function FailureAlert({
  failure,
  retry,
  parts,
}: {
  readonly failure: Failure;
  readonly retry?: (() => void) | undefined;
  readonly parts?: readonly string[] | undefined;
}) {
  const t = useWords(words);
  const action =
    retry === undefined ? undefined : (
      <Button size="small" onClick={retry}>
        {t.again}
      </Button>
    );
  switch (failure.kind) {
    case 'unreachable':
      return (
        <Alert
          type="warning"
          showIcon
          title={t.unreachable}
          description={t.unreachableWhy}
          action={action}
        />
      );
    case 'reload':
      return (
        <Alert
          type="warning"
          showIcon
          title={t.stale}
          description={t.reloadWhy}
          action={
            <Button size="small" onClick={() => location.reload()}>
              {t.reload}
            </Button>
          }
        />
      );
    case 'session':
      return (
        <Alert
          type="warning"
          showIcon
          title={t.session}
          description={t.sessionWhy}
          action={action}
        />
      );
    case 'broken':
      return (
        <Alert
          type="error"
          showIcon
          title={t.broken}
          description={failure.message}
          action={action}
        />
      );
    case 'refused':
      return <RefusedAlert failure={failure} action={action} parts={parts} />;
  }
}

function RefusedAlert({
  failure: { code, problem },
  action,
  parts,
}: {
  readonly failure: Extract<Failure, { kind: 'refused' }>;
  readonly action: ReactNode;
  readonly parts: readonly string[] | undefined;
}) {
  const t = useWords(words);
  const said = parts === undefined ? problem.detail : <PartsSaid parts={parts} />;
  return (
    <Alert
      type="error"
      showIcon
      title={useRefusalWords(problem)}
      description={
        <>
          {said}{' '}
          <span className="hm-code hm-soft">
            {t.code} {code}
          </span>
        </>
      }
      action={action}
    />
  );
}

function PartsSaid({ parts }: { readonly parts: readonly string[] }) {
  const t = useWords(words);
  if (parts.length === 0) return t.inFields;
  return (
    <ul className="hm-said">
      {parts.map((part) => (
        <li key={part}>{part}</li>
      ))}
    </ul>
  );
}
