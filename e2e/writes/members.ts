import { area } from './area.ts';
import { post, put, remove } from './write.ts';

export const members = area(
  [
    'createMember',
    'createMembers',
    'joinProgramme',
    'keepName',
    'forgetName',
    'keepBirthday',
    'forgetBirthday',
    'eraseMember',
    'mergeMembers',
    'readMessage',
    'createInvitation',
  ],
  async ({ make, pool, merchantId, memberId, receiverId }) => {
    const doubleId = await make('/members', { externalIds: { pos: 'C-10' } });
    // Nothing that requests do writes one.
    const { rows: messages } = await pool.query<{ member: string }>(
      `insert into message (id, programme, member, kind, dedupe_key, facts, zh_title, zh_text, en_title, en_text, due_at_ms, made_at_ms)
       select '01900000-0000-7000-8000-000000000001', 1, member, 'receipt', 'made up', '{}', 'a', 'b', 'c', 'd', 1, 1
       from member_external_id where external_id = 'C-9' returning member`,
    );
    if (messages.length !== 1) throw new Error('the message was not made up');
    return {
      createMember: post(
        '/members',
        {
          phone: '13900139000',
          name: '王小明',
          externalIds: { pos: 'C-2' },
          programme: 'default',
          merchantId,
        },
        ['phone', 'name', 'externalIds', 'programme', 'merchantId'],
      ),
      createMembers: post(
        '/members/bulk',
        { members: [{ idempotencyKey: 'm1', phone: '13700137000', externalIds: { pos: 'C-3' } }] },
        ['phone', 'externalIds', 'idempotencyKey', 'programme'],
      ),
      joinProgramme: post(`/members/${memberId}/memberships`, { programme: 'play' }),
      keepName: put(`/members/${memberId}/name`, { name: '李雷' }),
      forgetName: remove(`/members/${memberId}/name`),
      keepBirthday: put(`/members/${memberId}/birthday`, { birthday: '02-29' }),
      forgetBirthday: remove(`/members/${memberId}/birthday`),
      eraseMember: post(`/members/${memberId}/erasures`, { actor: 'Li Lei', reason: 'asked' }),
      mergeMembers: post(
        `/members/${receiverId}/merges`,
        { from: doubleId, reason: 'one person', actor: 'Li Lei', dryRun: true },
        ['dryRun'],
      ),
      createInvitation: post(`/members/${memberId}/invitation`, { programme: 'default' }, [
        'programme',
      ]),
      readMessage: post('/messages/msg_01j0000000e008000000000001/read', { memberId: receiverId }),
    };
  },
);
