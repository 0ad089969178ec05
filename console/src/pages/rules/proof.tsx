import { useWords } from '@hongmi/ui/language.ts';
import { useQuery } from '@tanstack/react-query';
import { Alert, Select } from 'antd';
import { hongmi } from '../../app/api.ts';
import type { Refused } from '../../publishing/publication-shown.tsx';
import { proofWords } from './proof-words.ts';
import { SimulatedDays } from './simulated-days.tsx';
import { keptSimulation } from './simulations-kept.ts';

/** Offers the simulation of this rule that was last looked at here, once it is done. */
export function ProofPicker({
  id,
  value,
  change,
}: {
  readonly id: string;
  readonly value: string | undefined;
  readonly change: (simulation: string | undefined) => void;
}) {
  const t = useWords(proofWords);
  const kept = keptSimulation(id);
  const { data } = useQuery({
    queryKey: ['simulation', kept],
    queryFn: ({ signal }) => hongmi.getSimulation({ id: kept ?? '' }, { signal }),
    enabled: kept !== undefined,
  });
  if (data?.state !== 'done') return null;
  return (
    <label>
      {t.proof}
      <Select
        value={value ?? null}
        onChange={(chosen) => change(chosen ?? undefined)}
        options={[
          { value: null, label: t.noProof },
          { value: data.id, label: <SimulatedDays of={data} /> },
        ]}
        style={{ width: 280 }}
      />
    </label>
  );
}

/** Why the simulation that was chosen proves nothing. */
export function ProofFlaw({ problem: { flaw, detail } }: Refused) {
  const t = useWords(proofWords);
  const said = t.flaws[flaw as keyof typeof t.flaws] ?? detail;
  return <Alert type="warning" showIcon title={t.flaw} description={said} />;
}
