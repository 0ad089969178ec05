import { useWords } from '@hongmi/ui/language.ts';
import { later } from '@hongmi/ui/later.ts';
import { Route, Switch } from 'wouter';
import { NotHere } from '../../design/absent.tsx';
import { SubNav } from '../../design/sub-nav.tsx';
import './ledger.css';
import { LedgerPage } from './ledger-page.tsx';
import { ledgerWords } from './words.ts';

const BlockPage = later(() => import('./block-page.tsx'), 'BlockPage');
const FindingsPage = later(() => import('./findings-page.tsx'), 'FindingsPage');
const SealPage = later(() => import('./seal-page.tsx'), 'SealPage');
const SealsPage = later(() => import('./seals-page.tsx'), 'SealsPage');
const ShardPage = later(() => import('./shard-page.tsx'), 'ShardPage');

const VerifyPage = later(() => import('./verify-page.tsx'), 'VerifyPage');
const LookUpPage = later(() => import('./look-up-page.tsx'), 'LookUpPage');

/** The ledger, for whoever wants to see for themselves. */
export default function LedgerArea() {
  const w = useWords(ledgerWords);
  return (
    <>
      <SubNav
        label={w.ledger}
        entries={[
          { path: '/', name: w.overview },
          { path: '/seals', name: w.seals },
          { path: '/verify', name: w.verify },
          { path: '/look-up', name: w.lookUp },
          { path: '/findings', name: w.findings },
        ]}
      />
      <Pages />
    </>
  );
}

function Pages() {
  return (
    <Switch>
      <Route path="/">
        <LedgerPage />
      </Route>
      <Route path="/shards/:shard/:number">
        {({ shard, number }) =>
          isNumber(shard, 0) && isNumber(number, 1) ? (
            <BlockPage key={`${shard}/${number}`} shard={Number(shard)} number={Number(number)} />
          ) : (
            <NotHere />
          )
        }
      </Route>
      <Route path="/shards/:shard">
        {({ shard }) => (isNumber(shard, 0) ? <ShardPage shard={Number(shard)} /> : <NotHere />)}
      </Route>
      <Route path="/seals">
        <SealsPage />
      </Route>
      <Route path="/seals/:number">
        {({ number }) =>
          isNumber(number, 1) ? <SealPage key={number} number={Number(number)} /> : <NotHere />
        }
      </Route>
      <Route path="/verify">
        <VerifyPage />
      </Route>
      <Route path="/look-up">
        <LookUpPage />
      </Route>
      <Route path="/findings">
        <FindingsPage />
      </Route>
      <Route>
        <NotHere />
      </Route>
    </Switch>
  );
}

/** What somebody typed into the address bar. */
function isNumber(text: string, least: number): boolean {
  return /^\d{1,15}$/.test(text) && Number(text) >= least;
}
