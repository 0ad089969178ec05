import { area } from './area.ts';
import { LATER } from './scene.ts';
import { patch, post, put } from './write.ts';

const POINT_TYPE = {
  name: '叶',
  expiryPolicy: { kind: 'rolling', months: 18 },
  transferable: false,
  guidance: { points: 1, fen: 10 },
};
const POINT_TYPE_OPTIONAL = ['scale', 'expiryPolicy', 'transferable', 'guidance'];
const CHANGEABLE = [
  'returnPolicy',
  'refundGraceDays',
  'adjustLimit',
  'giftMax',
  'giftDayMax',
  'offlineDayMax',
  'ruleNoticeDays',
  'merchantsRegisterMembers',
  'membersJoinThemselves',
];

export const programmes = area(
  [
    'createProgramme',
    'addPointType',
    'changePointType',
    'changeProgramme',
    'changeProgramme later',
    'changePointType later',
    'setProgrammeClock',
    'changeMessagePolicy',
  ],
  async () => ({
    createProgramme: post(
      '/programmes',
      {
        code: 'green',
        name: '绿色',
        timeZone: 'Asia/Shanghai',
        sandbox: true,
        returnPolicy: 'debt',
        refundGraceDays: 3,
        adjustLimit: 5,
        giftMax: 5,
        giftDayMax: 6,
        offlineDayMax: 7,
        ruleNoticeDays: 3,
        merchantsRegisterMembers: false,
        membersJoinThemselves: true,
        pointTypes: [{ ...POINT_TYPE, code: 'leaf', scale: 2 }],
      },
      ['timeZone', 'sandbox', ...CHANGEABLE, 'pointTypes', ...POINT_TYPE_OPTIONAL],
    ),
    addPointType: post(
      '/programmes/play/point-types',
      { ...POINT_TYPE, code: 'gem', scale: 1 },
      POINT_TYPE_OPTIONAL,
    ),
    changePointType: {
      ...patch('/programmes/play/point-types/leaves', POINT_TYPE, ['name', ...POINT_TYPE_OPTIONAL]),
      nullable: ['guidance'],
    },
    'changePointType later': patch(
      '/programmes/play/point-types/leaves',
      { transferable: true, from: LATER },
      ['transferable', 'from'],
    ),
    changeProgramme: patch(
      '/programmes/play',
      {
        returnPolicy: 'within_balance',
        refundGraceDays: 40,
        adjustLimit: 6,
        giftMax: 7,
        giftDayMax: 8,
        offlineDayMax: 9,
        ruleNoticeDays: 4,
        merchantsRegisterMembers: false,
        membersJoinThemselves: true,
        conversions: [{ from: 'points', to: 'leaves', num: 1, den: 2 }],
      },
      [...CHANGEABLE, 'conversions'],
    ),
    'changeProgramme later': patch('/programmes/play', { refundGraceDays: 50, from: LATER }, [
      'refundGraceDays',
      'from',
    ]),
    setProgrammeClock: put('/programmes/play/clock', { now: '2098-01-01T00:00:00Z' }),
    changeMessagePolicy: put(
      '/programmes/play/message-policy',
      {
        expiryNoticeDays: [14, 1],
        quietHours: { from: '22:00', to: '08:00' },
        caps: [{ kind: 'offer', max: 1, days: 7 }],
      },
      ['quietHours'],
    ),
  }),
);
