import { Button } from 'antd-mobile';
import { Empty } from '../empty.tsx';
import { type Failure, isAbsent, isForbidden } from '../failure.ts';
import { useWords, wordsOf } from '../language.ts';
import { useRefusalWords } from '../refusal-words.ts';
import { Notice } from './notice.tsx';

const words = wordsOf({
  zh: {
    unreachable: '连不上网络',
    unreachableWhy: '网络恢复后会自动继续。您填写的内容都在。',
    unanswered: '没有收到回复。网络恢复后请再试一次；您填写的内容都在。',
    stale: '页面需要刷新',
    reloadWhy: '有一部分取不到了，系统可能刚更新过。请先记下还没提交的内容，再刷新。',
    reload: '刷新页面',
    session: '登录已结束',
    sessionWhy: '请重新登录；您填写的内容不会丢失。',
    broken: '页面出错了',
    again: '重试',
    notHere: '这里没有内容',
    notHereWhy: '地址可能写错了，或者它不属于您。',
    notYours: '您不能查看这个页面',
    notYoursWhy: '这由平台的权限决定。',
  },
  en: {
    unreachable: 'No connection',
    unreachableWhy: 'It goes on by itself when the network is back. What you typed is kept.',
    unanswered: 'No answer came. Try again when the network is back; what you typed is kept.',
    stale: 'This page needs to be reloaded',
    reloadWhy:
      'A part of it can no longer be fetched; there may have been an update. Note down what you have not sent, then reload.',
    reload: 'Reload the page',
    session: 'You are signed out',
    sessionWhy: 'Sign in again; nothing that you typed is lost.',
    broken: 'Something went wrong on this page',
    again: 'Try again',
    notHere: 'There is nothing here',
    notHereWhy: 'The address may be wrong, or what it names is not yours.',
    notYours: 'This page is not open to you',
    notYoursWhy: 'The platform decides by your rights.',
  },
});

/**
 * Why what was asked for is not shown, in place of a page; without `retry` why something was not done, above its form: that nothing
 * does again by itself.
 */
export function FailureShown({
  failure,
  retry,
}: {
  readonly failure: Failure;
  readonly retry?: (() => void) | undefined;
}) {
  const t = useWords(words);
  const action =
    retry === undefined ? undefined : (
      <Button size="small" onClick={retry}>
        {t.again}
      </Button>
    );
  if (isAbsent(failure)) return <Empty title={t.notHere}>{t.notHereWhy}</Empty>;
  if (isForbidden(failure)) return <Empty title={t.notYours}>{t.notYoursWhy}</Empty>;
  switch (failure.kind) {
    case 'unreachable':
      return (
        <Notice tone="warn" title={t.unreachable} action={action}>
          {retry === undefined ? t.unanswered : t.unreachableWhy}
        </Notice>
      );
    case 'reload':
      return (
        <Notice
          tone="warn"
          title={t.stale}
          action={
            <Button size="small" onClick={() => location.reload()}>
              {t.reload}
            </Button>
          }
        >
          {t.reloadWhy}
        </Notice>
      );
    case 'session':
      return (
        <Notice tone="warn" title={t.session} action={action}>
          {t.sessionWhy}
        </Notice>
      );
    case 'broken':
      return (
        <Notice tone="bad" title={t.broken} action={action}>
          {failure.message}
        </Notice>
      );
    case 'refused':
      return <Refused failure={failure} />;
  }
}

/** Refused is refused: the same again would be refused again. */
function Refused({
  failure: { problem },
}: {
  readonly failure: Extract<Failure, { kind: 'refused' }>;
}) {
  return <Notice tone="bad" title={useRefusalWords(problem)} />;
}
