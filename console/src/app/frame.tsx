import { ErrorBoundary } from '@hongmi/ui/error-boundary.tsx';
import { useLanguage } from '@hongmi/ui/language.ts';
import { fetchedLater } from '@hongmi/ui/later.ts';
import { useScheme } from '@hongmi/ui/scheme.ts';
import { ConfigProvider } from 'antd';
import zhCN from 'antd/es/locale/zh_CN';
import { Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { FailureShown } from '../design/failure-shown.tsx';
import { WithNotices } from '../design/notices.tsx';
import { Gate } from './gate.tsx';
import { NONCE } from './nonce.ts';
import { antdTheme } from './theme.ts';
import { Waiting } from './waiting.tsx';

const SignIn = fetchedLater(() => import('../pages/sign-in/sign-in-page.tsx'));
const Invitation = fetchedLater(() => import('../pages/sign-in/invitation-page.tsx'));

/** antd with our look and words; the few pages for those who are not signed in, and the gate before all others. */
export default function Frame() {
  const scheme = useScheme();
  // antd speaks English by itself.
  const isChinese = useLanguage() === 'zh';
  return (
    <ConfigProvider
      theme={antdTheme(scheme)}
      {...(isChinese && { locale: zhCN })}
      csp={{ nonce: NONCE }}
      button={{ autoInsertSpace: false }}
    >
      <WithNotices>
        <ErrorBoundary
          shown={(failure, retry) => (
            <main className="hm-main">
              <FailureShown failure={failure} retry={retry} />
            </main>
          )}
        >
          <Suspense fallback={<Waiting />}>
            <Switch>
              <Route path="/sign-in">
                <SignIn />
              </Route>
              <Route path="/invitation">
                <Invitation />
              </Route>
              <Route>
                <Gate />
              </Route>
            </Switch>
          </Suspense>
        </ErrorBoundary>
      </WithNotices>
    </ConfigProvider>
  );
}
