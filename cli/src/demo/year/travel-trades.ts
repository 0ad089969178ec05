import { at, type Trade } from './trade.ts';

/** Journeys, and the bank that some of them are paid with. */
export const TRAVEL_TRADES: readonly Trade[] = [
  {
    pack: 'airline',
    hours: [at(0), at(24)],
    peaks: [
      { at: at(11), width: 120, weight: 3 },
      { at: at(21), width: 90, weight: 3 },
    ],
    stores: [
      { code: 'web', weight: 9 },
      { code: 'counter', weight: 1 },
    ],
    channels: [
      { code: 'web', weight: 4 },
      { code: 'app', weight: 6 },
    ],
    patrons: 0.18,
    visits: 3,
    weekend: 0.9,
    festivals: { 'spring-goods': 2.2, spring: 1.2, summer: 1.5, national: 1.6, labour: 1.5 },
    goods: [
      {
        sku: 'AI-01',
        name: '经济舱机票',
        category: 'economy',
        weight: 9,
        fen: [48000, 168000],
        most: 2,
      },
      { sku: 'AI-02', name: '公务舱机票', category: 'business', weight: 1, fen: [220000, 580000] },
    ],
    lines: 1,
    returns: 0.05,
  },
  {
    pack: 'hotel',
    hours: [at(7), at(24)],
    peaks: [
      { at: at(12), width: 60, weight: 3 },
      { at: at(20), width: 90, weight: 3 },
    ],
    stores: [
      { code: 'lake', weight: 6 },
      { code: 'airport', weight: 4 },
    ],
    channels: [
      { code: 'app', weight: 4 },
      { code: 'web', weight: 2 },
      { code: 'desk', weight: 4 },
    ],
    patrons: 0.2,
    visits: 2.4,
    weekend: 1.5,
    festivals: { spring: 1.8, summer: 1.5, national: 2.2, labour: 2 },
    goods: [
      { sku: 'HO-01', name: '高级房', category: 'room', weight: 6, fen: [38000, 68000], most: 3 },
      { sku: 'HO-02', name: '湖景房', category: 'room', weight: 3, fen: [58000, 98000], most: 2 },
      { sku: 'HO-03', name: '餐厅', category: 'restaurant', weight: 4, fen: [8800, 48000] },
    ],
    lines: 2,
    returns: 0.02,
  },
  {
    pack: 'scenic-spot',
    hours: [at(8), at(18)],
    peaks: [
      { at: at(9, 45), width: 60, weight: 4 },
      { at: at(14), width: 70, weight: 2 },
    ],
    stores: [
      { code: 'gate', weight: 8 },
      { code: 'gifts', weight: 2 },
    ],
    channels: [
      { code: 'till', weight: 5 },
      { code: 'app', weight: 5 },
    ],
    patrons: 0.25,
    visits: 1.8,
    weekend: 3,
    festivals: { spring: 2, labour: 3, summer: 1.6, national: 3.5, 'mid-autumn': 1.3 },
    goods: [
      { sku: 'SP-01', name: '门票', category: 'ticket', weight: 8, fen: [8000, 12000], most: 4 },
      {
        sku: 'SP-02',
        name: '索道票',
        category: 'cable-car',
        weight: 3,
        fen: [6000, 9000],
        most: 4,
      },
      { sku: 'SP-03', name: '文创', category: 'souvenir', weight: 3, fen: [1900, 12900], most: 2 },
    ],
    lines: 2,
    returns: 0.01,
  },
  {
    pack: 'green-bank-card',
    hours: [at(9), at(17)],
    peaks: [{ at: at(11), width: 100, weight: 1 }],
    stores: [{ code: 'online', weight: 1 }],
    channels: [
      { code: 'app', weight: 8 },
      { code: 'web', weight: 2 },
    ],
    patrons: 0.08,
    visits: 1.2,
    weekend: 0.4,
    festivals: { spring: 0.1, national: 0.2 },
    goods: [
      { sku: 'BK-01', name: '贵重物品保管', category: 'safe', weight: 3, fen: [20000, 60000] },
      { sku: 'BK-02', name: '纪念币', category: 'coin', weight: 4, fen: [10000, 50000] },
    ],
    lines: 1,
    returns: 0,
  },
];
