import type { Scenario } from './scenario.ts';

export const schoolCommunity: Scenario = {
  id: 'S11',
  title: { zh: '学校与社区', en: 'School and community' },
  story: {
    zh: '学生在学校所在的计划凭称重单得绿色积分；同一张单子再交一次，别的学生交，另一个计划的社区交，都不再给。',
    en: 'A pupil shows a weighing slip in the school’s programme and gets green points. The same slip gives nothing the second time: not to the pupil, not to another one, not in the programme of a community elsewhere.',
  },
  note: {
    zh: '凭证由账本保证只奖一次，与计划无关；多少分是行业包里定的。',
    en: 'The ledger sees to it that evidence pays once, whatever the programme. How many points it is, the pack says.',
  },
  async play({ town: build, run, figure, reason }) {
    // Given two programmes, each with somebody who may issue for sorted waste
    const packs = ['school-community'];
    const [here, there] = [await build({ packs }), await build({ packs })];
    const school = here.merchant('school-community');
    const community = there.merchant('school-community');
    await here.certify(school, ['waste-sorting', 'old-clothes']);
    await there.certify(community, ['waste-sorting', 'old-clothes']);
    const [pupil, friend] = [await here.register(school), await here.register(school)];
    const neighbour = await there.register(community);
    const slip = (number: string) => ({
      kind: 'green' as const,
      evidence: { behaviour: 'old-clothes', number: `${run}-${number}` },
      attributes: { kilograms: 3 },
    });

    // When
    await here.tell(school, pupil, slip('1'));
    await here.tell(school, pupil, slip('1'));
    const byFriend = await here.tell(school, friend, slip('1'));
    const elsewhere = await there.tell(community, neighbour, slip('1'));

    // Then
    const name = {
      zh: '旧衣 3 公斤，同一张单子交两次',
      en: '3 kg of old clothes, slip shown twice',
    };
    figure(name, 20, await here.available(pupil, 'green'));
    figure(
      { zh: '别的学生交同一张', en: 'another pupil with the slip' },
      0,
      await here.available(friend, 'green'),
    );
    figure({ zh: '原因', en: 'because' }, 'already_claimed', byFriend.noPointsReason ?? '');
    figure(
      { zh: '另一个计划的社区收同一张', en: 'in another programme' },
      0,
      await there.available(neighbour, 'green'),
    );
    figure({ zh: '原因', en: 'because' }, 'already_claimed', elsewhere.noPointsReason ?? '');
    reason({
      about: { zh: '另一个计划里的同一张单子', en: 'The slip in another programme' },
      explanation: await there.why(elsewhere),
    });

    // A slip of their own is worth the same there.
    await there.tell(community, neighbour, slip('2'));
    figure(
      { zh: '换一张新单子', en: 'with a slip of their own' },
      20,
      await there.available(neighbour, 'green'),
    );
  },
};
