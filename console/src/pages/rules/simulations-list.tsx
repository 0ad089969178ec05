import type { Output } from '@hongmi/sdk';
import { useWords } from '@hongmi/ui/language.ts';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { hongmi } from '../../app/api.ts';
import { Card } from '../../design/page.tsx';
import { PlainTable } from '../../design/table.tsx';
import { Tag, type Tone } from '../../design/tag.tsx';
import { When } from '../../design/values.tsx';
import { Actor } from '../../design/who.tsx';
import { SimulatedDays } from './simulated-days.tsx';
import { tryWords } from './try-words.ts';

type Simulation = Output<'listSimulations'>['items'][number];

const SHOWN = 20;
const POLL_MS = 3_000;
const TONES: Readonly<Record<Simulation['state'], Tone>> = {
  waiting: 'plain',
  running: 'info',
  done: 'good',
  failed: 'bad',
  cancelled: 'plain',
};

/** The last simulations that a rule is in, whoever started them; undefined until they are known. */
export function useSimulationsOf(ruleId: string): readonly Simulation[] | undefined {
  const { data } = useQuery({
    queryKey: ['simulations', ruleId],
    queryFn: ({ signal }) => hongmi.listSimulations({ ruleId, limit: SHOWN }, { signal }),
    // They come and end elsewhere.
    staleTime: 0,
    refetchInterval: ({ state: { data: known } }) =>
      known?.items.some(({ finishedAt }) => finishedAt === null) ? POLL_MS : false,
  });
  return data?.items;
}

/** What was simulated of a rule before, to be looked at again; nothing where nothing was. */
export function SimulationsList({
  ruleId,
  follow,
}: {
  readonly ruleId: string;
  readonly follow: (id: string) => void;
}) {
  const t = useWords(tryWords);
  const simulations = useSimulationsOf(ruleId);
  if (simulations === undefined || simulations.length === 0) return null;
  return (
    <Card title={t.earlier} flush>
      <PlainTable<Simulation>
        label={t.earlier}
        rows={simulations}
        rowKey={({ id }) => id}
        columns={[
          {
            key: 'period',
            title: t.period,
            render: (simulation) => (
              <Button type="link" size="small" onClick={() => follow(simulation.id)}>
                <SimulatedDays of={simulation} />
              </Button>
            ),
          },
          { key: 'rules', title: t.rules, render: ({ rules }) => t.rulesOf[`of_${rules}`] },
          {
            key: 'state',
            title: t.state,
            render: ({ state }) => <Tag tone={TONES[state]}>{t.states[state]}</Tag>,
          },
          { key: 'by', title: t.startedBy, render: ({ madeBy }) => <Actor id={madeBy} /> },
          { key: 'at', title: t.startedAt, render: ({ madeAt }) => <When at={madeAt} /> },
        ]}
      />
    </Card>
  );
}
