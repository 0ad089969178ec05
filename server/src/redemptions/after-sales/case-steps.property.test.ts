import { describe, expect, it } from 'vitest';
import {
  CASE_STATES,
  CASE_STEPS,
  type CaseState,
  type CaseStep,
  caseAfter,
  DAYS_TO_ACT,
  holdsUnits,
} from './case-steps.ts';
import { REASONS, REFUSALS, speaksOfPoints } from './reasons.ts';

const stepsOf = (state: CaseState): [CaseStep, CaseState][] =>
  Object.entries(CASE_STEPS[state]) as [CaseStep, CaseState][];
const isOver = (state: CaseState): boolean => stepsOf(state).length === 0;

describe('the states of a case', () => {
  it('each come to an end', () => {
    for (const state of CASE_STATES) {
      let reached = new Set<CaseState>([state]);
      for (let round = 0; round < CASE_STATES.length; round += 1)
        reached = new Set(
          [...reached].flatMap((each) => [each, ...stepsOf(each).map(([, to]) => to)]),
        );
      expect([...reached].some(isOver), state).toBe(true);
    }
  });

  it('that wait for the merchant have a deadline and somewhere to go when it has passed', () => {
    for (const state of Object.keys(DAYS_TO_ACT) as CaseState[])
      expect(caseAfter(state, 'escalate'), state).toBe('escalated');
    for (const state of CASE_STATES)
      if (caseAfter(state, 'escalate') !== undefined)
        expect(DAYS_TO_ACT[state], state).toBeDefined();
    expect(DAYS_TO_ACT).toEqual({ opened: 15, sent: 15, received: 7 });
  });

  it('give points back once: what is settling can only end, and holds its units for ever', () => {
    expect(stepsOf('settling')).toEqual([['end', 'refunded']]);
    expect(CASE_STATES.filter((state) => holdsUnits(state) === 'for ever')).toEqual([
      'settling',
      'refunded',
    ]);
    const toRefunded = CASE_STATES.filter((state) =>
      stepsOf(state).some(([, to]) => to === 'refunded'),
    );
    expect(toRefunded).toEqual(['settling']);
  });

  it('let the merchant refuse nothing that came to the operator, whom a member can always ask', () => {
    expect(caseAfter('escalated', 'refuse')).toBeUndefined();
    expect(caseAfter('refused', 'appeal')).toBe('escalated');
    for (const remedy of ['refund', 'exchange', 'mend'] as const)
      expect(caseAfter('escalated', remedy)).toBeDefined();
  });
});

describe('reasons', () => {
  it('know nothing of points', () => {
    for (const reason of [...Object.values(REASONS).flat(), ...REFUSALS])
      expect(reason).not.toMatch(/point|redeem|reward|free|gift|积分|兑换/i);
  });

  it('nor do the words of a refusal', () => {
    for (const told of ['因为是积分兑换的', 'It was POINTS', 'paid with a point.', '积分商品不退'])
      expect(speaksOfPoints(told), told).toBe(true);
    for (const told of [null, 'a scratch, appointed day over', 'disappointing', '屏幕碎裂'])
      expect(speaksOfPoints(told), String(told)).toBe(false);
  });
});
