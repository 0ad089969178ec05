import { useWords } from '@hongmi/ui/language.ts';
import { Alert, Select } from 'antd';
import type { Refused } from '../../publishing/publication-shown.tsx';
import { proofWords } from './proof-words.ts';
import { SimulatedDays } from './simulated-days.tsx';
import { useSimulationsOf } from './simulations-list.tsx';

/** Offers the simulations of this rule alone that are done. */
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
  const done = (useSimulationsOf(id) ?? []).filter(
    ({ state, drafts, without }) => state === 'done' && drafts.length === 1 && without.length === 0,
  );
  if (done.length === 0) return null;
  return (
    <label>
      {t.proof}
      <Select
        value={value ?? null}
        onChange={(chosen) => change(chosen ?? undefined)}
        options={[
          { value: null, label: t.noProof },
          ...done.map((each) => ({ value: each.id, label: <SimulatedDays of={each} /> })),
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
