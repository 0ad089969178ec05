import type { components, Hongmi } from '@hongmi/sdk';
import type { Calendar } from './calendar.ts';

type Schemas = components['schemas'];

/** What a point of the usual type costs who gave it, and brings who takes it. */
export type Prices = Pick<
  Schemas['PointTermsAsked'],
  'issuePriceMicroFen' | 'reimbursementMicroFen' | 'feeBasisPoints'
>;

/** What a merchant owes, is due, pays as fees and receives in all, in fen. */
type Position = Pick<Schemas['ClearingPosition'], 'owedFen' | 'dueFen' | 'feeFen' | 'netFen'>;

/** A closed month. */
interface Settled {
  /** Of a merchant, or of the platform; who had nothing to do with it has nothing. */
  of(merchantId: string | 'platform'): Position;
  /** What all receive together: zero. */
  readonly sumFen: number;
}

/** What merchants of a town settle between each other. */
export interface Settling {
  /** Publishes what points cost and bring from now on, at a merchant or (null) as the standard. */
  agree(merchantId: string | null, prices: Prices): Promise<void>;
  /** Closes the month that is over. */
  closeMonth(): Promise<Settled>;
}

const NOTHING: Position = { owedFen: 0, dueFen: 0, feeFen: 0, netFen: 0 };
const AGREED = { settlement: 'postpaid', cycle: 'month', paymentTermDays: 10 } as const;

export function settlingOf(hongmi: Hongmi, programme: string, calendar: Calendar): Settling {
  return {
    async agree(merchantId, prices) {
      const whose = merchantId === null ? {} : { merchantId };
      const points = [{ pointType: 'points', ...prices }];
      await hongmi.publishTerms({ programme, ...whose, points, ...AGREED, actor: '红米镇' });
    },
    async closeMonth() {
      // As the platform would do by itself a moment later: the same period, whoever is first.
      const month = calendar.now().toISOString().slice(0, 'YYYY-MM'.length);
      const { id } = await hongmi.closeClearingPeriod({
        programme,
        until: `${month}-01T00:00:00+08:00`,
      });
      const items = await hongmi.pages('listClearingPositions', { id }).all();
      return {
        of: (merchantId) => items.find(({ merchant }) => merchant === merchantId) ?? NOTHING,
        sumFen: items.reduce((sum, { netFen }) => sum + netFen, 0),
      };
    },
  };
}
