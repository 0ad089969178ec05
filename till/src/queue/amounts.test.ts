import { describe, expect, it } from 'vitest';
import { pointsOfOrder, pointsOfReturn, sumOfPoints, times } from './amounts.ts';

const award = (pointType: string, granted: number) => ({
  ...{ ruleVersionId: null, asked: granted, transactionId: null, pointType, granted },
});

describe('points of several types', () => {
  it('add up each for itself, and what comes to nothing is left out', () => {
    expect(sumOfPoints({ points: 5, grains: 250 }, { points: -5 }, { grains: 1 })).toEqual({
      grains: 251,
    });
    expect(times({ points: 5, grains: -250 }, -1)).toEqual({ points: -5, grains: 250 });
  });

  it('of an order are the usual ones summed up, and the others by their awards', () => {
    expect(pointsOfOrder({ points: 38 })).toEqual({ points: 38 });
    const awards = [award('points', 30), award('points', 8), award('grains', 250)];
    expect(pointsOfOrder({ points: 38, awards })).toEqual({ points: 38, grains: 250 });
    expect(pointsOfOrder({ points: 0 })).toEqual({});
  });

  it('of a return are what orders are worth less', () => {
    const bare = { earnId: 'txn', transactionId: null };
    const awards = [
      { ...bare, pointType: 'points', pointsBefore: 38, pointsAfter: 30 },
      { ...bare, pointType: 'grains', pointsBefore: 250, pointsAfter: 100 },
    ];
    const order = {
      ...{ orderId: 'ord', pointsBefore: 38, pointsAfter: 30, transactionId: null },
    };
    expect(pointsOfReturn({ pointsClawedBack: 8, orders: [order] })).toEqual({ points: -8 });
    expect(pointsOfReturn({ pointsClawedBack: 8, orders: [{ ...order, awards }] })).toEqual({
      ...{ points: -8, grains: -150 },
    });
  });
});
