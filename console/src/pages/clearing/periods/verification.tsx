import { failureOf } from '@hongmi/ui/failure.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useQuery } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { useState } from 'react';
import { hongmi } from '../../../app/api.ts';
import { useMay } from '../../../app/session.ts';
import { FailureAlert } from '../../../design/failure-shown.tsx';
import { Progress } from '../../../design/progress.tsx';
import { words } from './words.ts';

/** Works the figures out of the ledger again, which takes as long as closing did. */
export function Verification({ id }: { readonly id: string }) {
  const t = useWords(words);
  const may = useMay();
  const [isAsked, setAsked] = useState(false);
  const query = useQuery({
    queryKey: ['clearing-period-verified', id],
    queryFn: () => hongmi.getClearingPeriod({ id, verify: true }, { timeoutMs: VERIFY_MS }),
    enabled: isAsked,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (!may('clearing:read')) return null;
  if (query.isFetching) return <Progress label={t.verifying} share={undefined} />;
  if (query.error !== null)
    return <FailureAlert failure={failureOf(query.error)} retry={() => void query.refetch()} />;
  if (query.data?.verified === undefined)
    return <Button onClick={() => setAsked(true)}>{t.verify}</Button>;
  return (
    <div role="status">
      <Alert
        type={query.data.verified ? 'success' : 'error'}
        showIcon
        title={query.data.verified ? t.verified : t.notVerified}
      />
    </div>
  );
}

const VERIFY_MS = 600_000;
